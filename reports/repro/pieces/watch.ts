import { isText, nothingSeen, outcomeSeen, type Seen, spanSeen } from '../../../harness/repro/asked.ts'

/** A span as it was told last. `data`: all that it holds, as JSON. */
export interface Span {
  name: string
  fate: 'open' | 'ended' | 'failed'
  parent: string | undefined
  data: string
  input?: unknown
  output?: unknown
}

/** What is seen from outside, in the form in which the harness wrote down what it saw. */
export function watching() {
  const seen = nothingSeen()
  const spans = new Map<string, Span>()
  const write = process.stderr.write.bind(process.stderr)
  process.stderr.write = ((...args: Parameters<typeof write>) => {
    seen.stderr = true
    return write(...args)
  }) as typeof write
  return {
    begins(run: string) {
      seen.updates[run] = ''
      seen.hooks[run] = []
    },
    text(run: string, text: string) {
      seen.updates[run] += text
    },
    hook(run: string, name: string) {
      seen.hooks[run]?.push(name)
    },
    ends(run: string, status: string, said: unknown, usage?: { input: number; output: number }) {
      seen.outcomes[run] = outcomeSeen(status, said instanceof Error ? said.message : String(said), usage)
    },
    request(asked: Seen['requests'][number]) {
      seen.requests.push(asked)
    },
    span(id: string, span: Span) {
      spans.set(id, span)
    },
    all(): Seen {
      const told = [...spans.values()]
      return {
        ...seen,
        spans: told
          .map(({ name, fate, parent, input, output }) =>
            spanSeen(name, fate, spans.get(parent ?? '')?.name, input, output),
          )
          .sort(),
        holding: told
          .filter(({ data }) => isText(data))
          .map(({ name }) => name)
          .sort(),
      }
    },
  }
}

/** Says whether what was seen is what the harness saw, and ends with 1 where it is: then the violation is shown. */
export function conclude(seen: Seen, harness: Seen, violation: string): never {
  const kinds = Object.keys(harness) as (keyof Seen)[]
  const others = kinds.filter((kind) => JSON.stringify(seen[kind]) !== JSON.stringify(harness[kind]))
  for (const kind of kinds) console.log(`${kind}: ${JSON.stringify(seen[kind], null, 2)}`)
  if (others.length === 0) {
    console.log(`\nVIOLATED, as the harness saw it: ${violation}`)
    // What a runtime has left open must not keep the process.
    process.exit(1)
  }
  for (const kind of others)
    console.log(`\n${kind}: the harness saw ${JSON.stringify(harness[kind], null, 2)}`)
  console.log(`\nNot as the harness saw it (${others.join(', ')}): the violation is not shown.`)
  process.exit(0)
}
