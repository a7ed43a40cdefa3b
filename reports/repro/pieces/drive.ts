import { AsyncLocalStorage } from 'node:async_hooks'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base'
import type { OtelApi, Runtime } from '../../../harness/contract/runtime.ts'
import type { Plan } from '../../../harness/plan/types.ts'
import type { Act, buildTools } from './act.ts'
import type { createOrder } from './server.ts'
import type { createWatch } from './watch.ts'

/** Resolves with the result of `work`, or with `hung` after six seconds. */
async function limitTime<T>(work: Promise<T>): Promise<T | 'hung'> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'hung'>((resolve) => {
    timer = setTimeout(() => resolve('hung'), 6_000)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/** Runs the conversations of a plan on a runtime, through its adapter. */
export async function drivePlan(
  runtime: Runtime,
  { team: specs, flow, conversations, mode }: Omit<Plan, 'schema' | 'seed' | 'delivery'>,
  watch: ReturnType<typeof createWatch>,
  order: ReturnType<typeof createOrder>,
  callTool: ReturnType<typeof buildTools>,
): Promise<void> {
  const outside = AsyncLocalStorage.snapshot()
  let otel: OtelApi | undefined
  /** Calls `work` in a new async context. */
  const inNewContext = <T>(work: () => T): T =>
    outside(() =>
      otel === undefined
        ? new AsyncLocalStorage<object>().run({}, work)
        : otel.context.with(otel.context.active().setValue(Symbol('elsewhere'), true), work),
    )
  const used = { 'span-start': 0, 'span-end': 0, registration: 0 }
  const applySabotage = (part: 'span-start' | 'span-end', report: () => void) => {
    const { sabotage } = mode
    const strikes = sabotage?.part === part && used[part]++ === sabotage.nth
    if (strikes && sabotage?.does === 'throw') throw new Error(`conformance: ${part} throws`)
    if (!strikes || sabotage?.does !== 'drop') report()
  }
  const setSpan = (
    id: string,
    name: string,
    fate: 'open' | 'ended' | 'failed',
    parent?: string,
    held: Record<string, unknown> = {},
  ) => {
    const { 'gen_ai.usage.input_tokens': input, 'gen_ai.usage.output_tokens': output } = held
    watch.setSpan(id, { name, fate, parent, data: JSON.stringify(held), input, output })
  }
  const provider = new BasicTracerProvider({
    spanProcessors: [
      {
        onStart: (span) =>
          applySabotage('span-start', () =>
            setSpan(span.spanContext().spanId, span.name, 'open', span.parentSpanContext?.spanId),
          ),
        onEnd: (span) =>
          applySabotage('span-end', () =>
            setSpan(
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
        watch.addHook(String(run), name)
        const nth = called.get(`${run} ${name}`) ?? 0
        called.set(`${run} ${name}`, nth + 1)
        const breaks = throws.get(String(run))
        if (breaks?.hook === name && breaks.nth === nth) throw new Error(`conformance: hook ${name} throws`)
      },
      handoff() {},
      span: ({ id, name, parent, at, error, attributes }) =>
        applySabotage(`span-${at}`, () =>
          setSpan(
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
      callTool(run, agent, name, tools.get(`${agent} ${name}`) ?? [], signal),
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
  for (const { to } of mode.toggles ?? []) void order.waitForTurn(`mode ${to}`).then(() => team.setMode?.(to))

  async function runConversation(conversation: number): Promise<void> {
    const { session, store, turns } = conversations[conversation] as (typeof conversations)[number]
    for (const [turn, { say: input, stream, target, stop, pull }] of turns.entries()) {
      const run = `c${conversation}.t${turn}`
      const aborting = new AbortController()
      const stopped = stop === undefined ? undefined : order.waitForTurn(`stop ${run}`)
      if (stop?.how === 'abort') void stopped?.then(() => aborting.abort())
      const dropped = stop?.how === 'drop' ? stopped?.then(() => 'dropped' as const) : undefined
      const most =
        stop !== undefined && 'updates' in stop.after ? stop.after.updates : Number.POSITIVE_INFINITY
      const isFirst = stop !== undefined && 'nothing' in stop.after
      if (isFirst) await stopped?.then(() => aborting.abort())
      watch.beginRun(run)
      const request = { run, conversation, turn, input, stream, session, store, target }
      const start = () => team.start({ ...request, signal: aborting.signal })
      const begun = pull === 'handed-over' ? inNewContext(start) : start()
      if (stream && pull !== 'final-only') {
        const updates = begun.updates[Symbol.asyncIterator]()
        try {
          for (let taken = 0; ; taken++) {
            if (stop?.how === 'return' && taken >= most) {
              if (updates.return !== undefined) await limitTime(updates.return())
              if (stop.again) aborting.abort()
              break
            }
            const moves = pull === 'new-context-per-pull' || (pull === 'handed-over-midway' && taken > 0)
            const pulled = moves ? inNewContext(() => updates.next()) : updates.next()
            const next = await limitTime(dropped ? Promise.race([pulled, dropped]) : pulled)
            if (next === 'dropped') return
            if (next === 'hung' || next.done) break
            if (next.value.kind === 'text') watch.addText(run, next.value.text)
          }
        } catch {
          // The outcome reports the error.
          if (stop?.again && updates.return !== undefined) await limitTime(updates.return()).catch(() => {})
        }
      }
      const outcome = await limitTime(dropped ? Promise.race([begun.outcome(), dropped]) : begun.outcome())
      if (outcome === 'dropped') return
      if (outcome === 'hung') return watch.endRun(run, 'hung', '')
      watch.endRun(run, outcome.status, outcome.error?.message ?? outcome.text, outcome.usage)
    }
  }

  const running: Promise<void>[] = []
  for (const conversation of conversations.keys()) {
    running.push(runConversation(conversation))
    await order.waitForQuiet()
  }
  await Promise.all(running)
  await limitTime(team.close())
  // Late events are recorded as well.
  await order.waitForQuiet()
}
