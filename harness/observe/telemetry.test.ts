import * as otel from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import { filterEvents, type History } from '../contract/events.ts'
import {
  createPlan,
  createScriptedRuntime,
  createTurn,
  listRunEnds,
  passOnText,
  runPlan,
  type Script,
} from '../execute/testing/scripted.ts'
import type { Mode, Sabotage } from '../plan/types.ts'

/** A run with so many spans one in the other, by OpenTelemetry or the probe; what they throw goes into its text. */
function traced(by: 'otel' | 'probe', spans = 3): Script {
  return async function* ({ world, ask, request: { run } }) {
    const thrown: string[] = []
    const daring = (work: () => void) => {
      try {
        work()
      } catch (error) {
        thrown.push((error as Error).message)
      }
    }
    const begin = by === 'otel' ? otelSpan(world.telemetry.install(otel)) : probeSpan(world.probe, run)
    const ends: (() => void)[] = []
    for (let nth = 0; nth < spans; nth++) daring(() => ends.push(begin(`span ${nth}`)))
    yield* passOnText(ask())
    for (const end of ends.reverse()) daring(end)
    return thrown.join()
  }
}

function otelSpan(provider: otel.TracerProvider) {
  let context = otel.ROOT_CONTEXT
  return (name: string) => {
    const span = provider.getTracer('scripted').startSpan(name, {}, context)
    context = otel.trace.setSpan(context, span)
    return () => {
      span.setStatus({ code: otel.SpanStatusCode.ERROR, message: 'as asked' })
      span.end()
    }
  }
}

function probeSpan(probe: Parameters<Script>[0]['world']['probe'], run: string) {
  let parent: string | undefined
  return (name: string) => {
    const told = { id: `${run} ${name}`, name, attributes: {}, ...(parent === undefined ? {} : { parent }) }
    parent = told.id
    probe.span({ ...told, at: 'start' })
    return () => probe.span({ ...told, at: 'end', error: 'as asked' })
  }
}

async function sabotaged(by: 'otel' | 'probe', sabotage?: Sabotage): Promise<History> {
  const mode: Mode = { start: 'on', ...(sabotage ? { sabotage } : {}) }
  const history = await runPlan(createScriptedRuntime(traced(by)), createPlan([[createTurn()]], { mode }))
  expect(history[0]).toMatchObject({ kind: 'mode', to: 'on', ...(sabotage ? { sabotage } : {}) })
  expect(listRunEnds(history)).toEqual(['c0.t0 completed'])
  return history
}

const startsIn = (history: History) => filterEvents(history, 'span.start').map(({ name }) => name)
const endedIn = (history: History) => filterEvents(history, 'span.end').map(({ name }) => name)
const thrownIn = (history: History) => filterEvents(history, 'run.end')[0]?.outcome.text

const all = ['span 0', 'span 1', 'span 2']
const backwards = all.toReversed()

describe.each(['otel', 'probe'] as const)('spans of a runtime, by %s', (by) => {
  it('are told from start to end, under their parents, as the step has caused them', async () => {
    const history = await sabotaged(by)
    expect([startsIn(history), endedIn(history)]).toEqual([all, backwards])
    const starts = filterEvents(history, 'span.start')
    expect(starts.map(({ parent }) => parent)).toEqual([
      undefined,
      ...starts.slice(0, 2).map(({ span }) => span),
    ])
    expect(starts.every(({ conversation }) => conversation === 0)).toBe(true)
    expect(
      filterEvents(history, 'span.end').every(
        ({ status, error }) => `${status} ${error}` === 'ERROR as asked',
      ),
    ).toBe(true)
  })

  it.each<[Sabotage['part'], Sabotage['does'], string[], string[], boolean]>([
    // The provider of OpenTelemetry gives a span only when its processors have seen it.
    ['span-start', 'throw', ['span 0', 'span 2'], ['span 2', 'span 0'], true],
    ['span-end', 'throw', all, ['span 2', 'span 0'], true],
    ['span-end', 'drop', all, ['span 2', 'span 0'], false],
    ['span-end', 'repeat', all, ['span 2', 'span 1', 'span 1', 'span 0'], false],
  ])('%s %s strikes once, at the use that the plan names', async (part, does, starts, ends, throws) => {
    const history = await sabotaged(by, { part, does, nth: 1 })
    expect([startsIn(history), endedIn(history)]).toEqual([starts, ends])
    expect(thrownIn(history)?.includes(`conformance: ${part} throws`)).toBe(throws)
  })
})

describe('a span', () => {
  it.each([undefined, 42, null])('with the name %s is recorded with an empty name', async (given) => {
    const unnamed: Script = async function* ({ world, ask }) {
      const begin = otelSpan(world.telemetry.install(otel))
      const end = begin(given as never)
      yield* passOnText(ask())
      end()
      return ''
    }
    const history = await runPlan(createScriptedRuntime(unnamed), createPlan([[createTurn()]]))
    expect([startsIn(history), endedIn(history)]).toEqual([[''], ['']])
  })
})

describe('an exporter', () => {
  it.each(['throw', 'hang', 'drop'] as const)('that is to %s changes nothing that is told', async (does) => {
    const history = await sabotaged('otel', { part: 'exporter', does, nth: 0 })
    expect([startsIn(history), endedIn(history)]).toEqual([all, backwards])
    expect(filterEvents(history, 'noise')).toEqual([])
  })
})

describe('the telemetry of a runtime', () => {
  it('is switched in the steps that the plan names, before their gates open', async () => {
    const toggles = [
      { step: 1, to: 'off' as const },
      { step: 3, to: 'sensitive' as const },
    ]
    const modes: string[] = []
    const { open } = createScriptedRuntime()
    const runtime = createScriptedRuntime(undefined, {
      open: async (world) => ({ ...(await open(world)), setMode: (to) => void modes.push(to) }),
    })
    const history = await runPlan(runtime, createPlan([[createTurn()]], { mode: { start: 'on', toggles } }))
    expect(modes).toEqual(['off', 'sensitive'])
    const told = history.filter(({ kind }) => kind === 'mode' || kind === 'step' || kind === 'stream.event')
    const around = told.map((event) => (event.kind === 'mode' ? event.to : event.kind))
    // Step 0 lets the head go, each later one a stream event.
    expect(around.slice(0, 8)).toEqual([
      'on',
      'step',
      'off',
      'step',
      'stream.event',
      'step',
      'stream.event',
      'sensitive',
    ])
  })

  it('is gone when the plan has ended: no provider, no context manager', async () => {
    await sabotaged('otel')
    expect(otel.trace.getTracer('any').startSpan('after').isRecording()).toBe(false)
    expect(
      otel.context.with(otel.ROOT_CONTEXT.setValue(Symbol.for('a'), 1), () => otel.context.active()),
    ).toBe(otel.ROOT_CONTEXT)
  })

  it('is told of no span of the consumer', async () => {
    expect([...startsIn(await sabotaged('otel')), ...endedIn(await sabotaged('otel'))]).not.toContain(
      'consumer',
    )
  })
})
