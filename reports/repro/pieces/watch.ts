import {
  createObservations,
  formatOutcome,
  formatSpan,
  hasConversationCanary,
  type Observations,
} from '../../../harness/repro/asked.ts'

/** The latest state of a span. `data` holds its attributes as JSON. */
export interface Span {
  name: string
  fate: 'open' | 'ended' | 'failed'
  parent: string | undefined
  data: string
  input?: unknown
  output?: unknown
}

/** Records what is observed from outside, in the same form as the harness. */
export function createWatch() {
  const seen = createObservations()
  const spans = new Map<string, Span>()
  const write = process.stderr.write.bind(process.stderr)
  process.stderr.write = ((...args: Parameters<typeof write>) => {
    seen.stderr = true
    return write(...args)
  }) as typeof write
  return {
    beginRun(run: string) {
      seen.updates[run] = ''
      seen.hooks[run] = []
    },
    addText(run: string, text: string) {
      seen.updates[run] += text
    },
    addHook(run: string, name: string) {
      seen.hooks[run]?.push(name)
    },
    endRun(run: string, status: string, said: unknown, usage?: { input: number; output: number }) {
      seen.outcomes[run] = formatOutcome(status, said instanceof Error ? said.message : String(said), usage)
    },
    addRequest(asked: Observations['requests'][number]) {
      seen.requests.push(asked)
    },
    setSpan(id: string, span: Span) {
      spans.set(id, span)
    },
    collect(): Observations {
      const all = [...spans.values()]
      return {
        ...seen,
        spans: all
          .map(({ name, fate, parent, input, output }) =>
            formatSpan(name, fate, spans.get(parent ?? '')?.name, input, output),
          )
          .sort(),
        holding: all
          .filter(({ data }) => hasConversationCanary(data))
          .map(({ name }) => name)
          .sort(),
      }
    },
  }
}

/**
 * Prints whether this run matches what the harness observed. Ends the process with 1 if it does, because the violation then
 * occurred.
 */
export function conclude(seen: Observations, harness: Observations, violation: string): never {
  const kinds = Object.keys(harness) as (keyof Observations)[]
  const others = kinds.filter((kind) => JSON.stringify(seen[kind]) !== JSON.stringify(harness[kind]))
  for (const kind of kinds) console.log(`${kind}: ${JSON.stringify(seen[kind], null, 2)}`)
  if (others.length === 0) {
    console.log(`\nVIOLATED, as in the harness: ${violation}`)
    // Resources that the runtime left open must not keep the process running.
    process.exit(1)
  }
  for (const kind of others)
    console.log(`\n${kind}: the harness observed ${JSON.stringify(harness[kind], null, 2)}`)
  console.log(`\nNOT VIOLATED: this run differs from the harness in ${others.join(', ')}.`)
  process.exit(0)
}
