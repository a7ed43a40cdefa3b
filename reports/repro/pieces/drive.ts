import { AsyncLocalStorage } from 'node:async_hooks'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base'
import type { OtelApi, Runtime } from '../../../harness/contract/runtime.ts'
import type { Plan } from '../../../harness/plan/types.ts'
import type { Act, acting } from './act.ts'
import type { inOrder } from './server.ts'
import type { watching } from './watch.ts'

/** What does not settle within six seconds is hung. */
async function bounded<T>(work: Promise<T>): Promise<T | 'hung'> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'hung'>((resolve) => {
    timer = setTimeout(() => resolve('hung'), 6_000)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/** Has the conversations of a plan with a runtime, through its adapter. */
export async function drive(
  runtime: Runtime,
  { team: specs, flow, conversations, mode }: Omit<Plan, 'schema' | 'seed' | 'delivery'>,
  watch: ReturnType<typeof watching>,
  order: ReturnType<typeof inOrder>,
  act: ReturnType<typeof acting>,
): Promise<void> {
  const outside = AsyncLocalStorage.snapshot()
  let otel: OtelApi | undefined
  /** Does the work in an async context that nobody has been in before. */
  const elsewhere = <T>(work: () => T): T =>
    outside(() =>
      otel === undefined
        ? new AsyncLocalStorage<object>().run({}, work)
        : otel.context.with(otel.context.active().setValue(Symbol('elsewhere'), true), work),
    )
  const used = { 'span-start': 0, 'span-end': 0, registration: 0 }
  const told = (part: 'span-start' | 'span-end', tell: () => void) => {
    const { sabotage } = mode
    const strikes = sabotage?.part === part && used[part]++ === sabotage.nth
    if (strikes && sabotage?.does === 'throw') throw new Error(`conformance: ${part} throws`)
    if (!strikes || sabotage?.does !== 'drop') tell()
  }
  const tell = (
    id: string,
    name: string,
    fate: 'open' | 'ended' | 'failed',
    parent?: string,
    held: Record<string, unknown> = {},
  ) => {
    const { 'gen_ai.usage.input_tokens': input, 'gen_ai.usage.output_tokens': output } = held
    watch.span(id, { name, fate, parent, data: JSON.stringify(held), input, output })
  }
  const provider = new BasicTracerProvider({
    spanProcessors: [
      {
        onStart: (span) =>
          told('span-start', () =>
            tell(span.spanContext().spanId, span.name, 'open', span.parentSpanContext?.spanId),
          ),
        onEnd: (span) =>
          told('span-end', () =>
            tell(
              span.spanContext().spanId,
              span.name,
              span.status.code === 2 ? 'failed' : 'ended',
              span.parentSpanContext?.spanId,
              span.attributes,
            ),
          ),
        forceFlush: async () => {},
        shutdown: async () => {},
      },
    ],
  })
  const throws = new Map(
    conversations.flatMap(({ turns }, conversation) =>
      turns.map(({ breaks }, turn) => [`c${conversation}.t${turn}` as string, breaks] as const),
    ),
  )
  const called = new Map<string, number>()
  const tools = new Map(
    specs.flatMap(({ name, tools }) =>
      tools.map((tool) => [`${name} ${tool.name}`, tool.does as readonly Act[]] as const),
    ),
  )
  const team = await runtime.open({
    team: specs,
    ...(flow ? { flow } : {}),
    baseURL: 'https://api.openai.com/v1',
    apiKey: 'sk-none',
    probe: {
      hook({ run, name }) {
        watch.hook(String(run), name)
        const nth = called.get(`${run} ${name}`) ?? 0
        called.set(`${run} ${name}`, nth + 1)
        const breaks = throws.get(String(run))
        if (breaks?.hook === name && breaks.nth === nth) throw new Error(`conformance: hook ${name} throws`)
      },
      handoff() {},
      span: ({ id, name, parent, at, error, attributes }) =>
        told(`span-${at}`, () =>
          tell(
            id,
            name,
            at === 'start' ? 'open' : error === undefined ? 'ended' : 'failed',
            parent,
            attributes,
          ),
        ),
      registration({ at, hook, agent }) {
        const { sabotage } = mode
        const struck = { 'hook-register': 'register', 'hook-lost': 'register', 'hook-release': 'release' }
        const part = sabotage?.part as keyof typeof struck
        if (sabotage === undefined || struck[part] !== at || used.registration++ !== sabotage.nth)
          return undefined
        if (part === 'hook-register')
          throw new Error(`conformance: the hook ${hook} of ${agent} is not taken`)
        return part === 'hook-lost' ? 'lose' : 'repeat'
      },
    },
    tool: async ({ run, name, agent = specs[0]?.name ?? '', signal }) =>
      act(run, agent, name, tools.get(`${agent} ${name}`) ?? [], signal),
    telemetry: {
      mode,
      install(api) {
        otel = api
        api.trace.setGlobalTracerProvider(provider)
        api.context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
        return provider
      },
    },
  })
  for (const { to } of mode.toggles ?? []) void order.turnOf(`mode ${to}`).then(() => team.setMode?.(to))

  async function have(conversation: number): Promise<void> {
    const { session, store, turns } = conversations[conversation] as (typeof conversations)[number]
    for (const [turn, { say: input, stream, target, stop, pull }] of turns.entries()) {
      const run = `c${conversation}.t${turn}`
      const aborting = new AbortController()
      const stopped = stop === undefined ? undefined : order.turnOf(`stop ${run}`)
      if (stop?.how === 'abort') void stopped?.then(() => aborting.abort())
      const dropped = stop?.how === 'drop' ? stopped?.then(() => 'dropped' as const) : undefined
      const most =
        stop !== undefined && 'updates' in stop.after ? stop.after.updates : Number.POSITIVE_INFINITY
      watch.begins(run)
      const request = { run, conversation, turn, input, stream, session, store, target }
      const start = () => team.start({ ...request, signal: aborting.signal })
      const begun = pull === 'handed-over' ? elsewhere(start) : start()
      if (stream && pull !== 'final-only') {
        const updates = begun.updates[Symbol.asyncIterator]()
        try {
          for (let taken = 0; ; taken++) {
            if (stop?.how === 'return' && taken >= most) {
              if (updates.return !== undefined) await bounded(updates.return())
              break
            }
            const moves = pull === 'new-context-per-pull' || (pull === 'handed-over-midway' && taken > 0)
            const pulled = moves ? elsewhere(() => updates.next()) : updates.next()
            const next = await bounded(dropped ? Promise.race([pulled, dropped]) : pulled)
            if (next === 'dropped') return
            if (next === 'hung' || next.done) break
            if (next.value.kind === 'text') watch.text(run, next.value.text)
          }
        } catch {
          // The outcome tells of it.
        }
      }
      const outcome = await bounded(dropped ? Promise.race([begun.outcome(), dropped]) : begun.outcome())
      if (outcome === 'dropped') return
      if (outcome === 'hung') return watch.ends(run, 'hung', '')
      watch.ends(run, outcome.status, outcome.error?.message ?? outcome.text, outcome.usage)
    }
  }

  const having: Promise<void>[] = []
  for (const conversation of conversations.keys()) {
    having.push(have(conversation))
    await order.quiet()
  }
  await Promise.all(having)
  await bounded(team.close())
  // What comes late is seen as well.
  await order.quiet()
}
