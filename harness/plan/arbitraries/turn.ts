import fc from 'fast-check'
import type { Answer } from '../../../mocks/service/types.ts'
import type { Capability } from '../../contract/runtime.ts'
import { hookNames } from '../schema.ts'
import type { AgentSpec, HookFault, Pull, Turn } from '../types.ts'
import { callingAnswers, hangingAnswer, lastAnswer, silentNested, stalling } from './answer.ts'
import { places, spoiling } from './fault.ts'
import { stops, waysOfStopping } from './stop.ts'

/** What a turn is drawn from. */
export interface TurnSetup {
  supports: ReadonlySet<Capability>
  agent: AgentSpec
  /** Whether turns are streamed, not, or drawn. */
  stream: 'always' | 'never' | 'drawn'
  pulls: readonly Pull[]
  /** Share of turns in which a fault spoils an answer, in percent; what would come after it is mostly never asked for. */
  spoiled: number
  /** What spoils it: anything, or only that after which a client asks again. */
  faults: 'any' | 'passing'
  /** Share of turns that are stopped, in percent: some in the middle of a stall or of a tool that hangs. */
  stopped: number
  /** Share of turns in which a hook throws, in percent. */
  broken: number
  wire: boolean
  /** Whether it is its conversation's last. */
  last: boolean
  /** What the model is to answer; absent: up to two answers that call the agent's tools, then one that ends the turn. */
  script?: readonly Answer[]
}

const say = fc.constantFrom('What is the weather?', 'And tomorrow?', 'Why — and how?')

export function turns(setup: TurnSetup): fc.Arbitrary<Turn> {
  const drawn = setup.supports.has('stream') ? setup.stream : 'never'
  const stream = drawn === 'drawn' ? fc.constantFrom(true, true, false) : fc.constant(drawn === 'always')
  return stream.chain((stream) => {
    const ways = waysOfStopping(setup.supports, stream, setup.last)
    if (ways.length === 0 || setup.stopped === 0) return plainTurn(setup, stream)
    return fc.oneof(
      { weight: 100 - setup.stopped, arbitrary: plainTurn(setup, stream) },
      { weight: setup.stopped, arbitrary: stoppedTurn(setup, stream, ways) },
    )
  })
}

function plainTurn(setup: TurnSetup, stream: boolean): fc.Arbitrary<Turn> {
  const hooks = hookNames.filter((hook) => setup.supports.has(hook))
  const breaks: fc.Arbitrary<HookFault> | undefined =
    hooks.length === 0
      ? undefined
      : fc.record({ hook: fc.constantFrom(...hooks), nth: fc.integer({ min: 0, max: 1 }) })
  const broken = breaks === undefined ? 0 : setup.broken
  const breaking = fc.oneof(
    { weight: 100 - broken, arbitrary: fc.constant(undefined) },
    { weight: broken, arbitrary: breaks ?? fc.constant(undefined) },
  )
  return fc
    .record({ turn: turnOf(stream, answers(setup, stream), setup.pulls), breaks: breaking })
    .map(({ turn, breaks }) => (breaks ? { ...turn, breaks } : turn))
}

function stoppedTurn(setup: TurnSetup, stream: boolean, ways: ReturnType<typeof waysOfStopping>) {
  const { pulls } = setup
  const stoppable = pulls.filter((pull) => pull !== 'final-only' || ways.some((how) => how !== 'return'))
  const anyhow = fc
    .constantFrom(...(stoppable.length > 0 ? stoppable : (['same-context'] as const)))
    .chain((pull) =>
      fc.record({ turn: turnOf(stream, answers(setup, stream), [pull]), stop: stops(ways, stream, pull) }),
    )
    .map(({ turn, stop }): Turn => ({ ...turn, stop }))
  const waiting = ways.filter((how) => how !== 'return')
  if (waiting.length === 0) return anyhow
  const how = fc.constantFrom(...waiting)
  const stalled = fc
    .record({
      turn: turnOf(stream, soundAnswers(setup, stream), pulls),
      which: fc.nat(5),
      at: places,
      how,
      // Either in the step in which the stream falls silent, or when nothing has come for a while.
      events: fc.nat(1),
    })
    .map(({ turn, which, at, how, events }): Turn => {
      const request = which % turn.answers.length
      const silent = turn.answers.map((answer, place) => (place === request ? stalling(answer, at) : answer))
      return {
        ...turn,
        answers: silent,
        stop: { how, after: { request, events: events + (stream ? at : 0) } },
      }
    })
  const hung = fc
    .record({ turn: turnOf(stream, fc.constant([hangingAnswer]), pulls), how })
    .map(({ turn, how }): Turn => ({ ...turn, stop: { how, after: { toolStarts: 1 } } }))
  const nests = silentNested(setup.agent, 0) !== undefined
  const inside = fc.record({ turn: turnOf(stream, fc.constant([]), pulls), how, at: fc.nat(4) }).map(
    ({ turn, how, at }): Turn => ({
      ...turn,
      answers: silentNested(setup.agent, at) ?? [],
      stop: { how, after: { request: 1, events: stream ? at : 0 } },
    }),
  )
  return fc.oneof(
    ...(nests ? [{ weight: 2, arbitrary: inside }] : []),
    { weight: 6, arbitrary: anyhow },
    { weight: 4, arbitrary: stalled },
    ...(setup.agent.tools.some(hangs) ? [{ weight: 1, arbitrary: hung }] : []),
  )
}

function hangs({ does }: AgentSpec['tools'][number]): boolean {
  return does.some(({ kind }) => kind === 'hang')
}

function turnOf(
  stream: boolean,
  answers: fc.Arbitrary<Answer[]>,
  pulls: readonly Pull[],
): fc.Arbitrary<Turn> {
  return fc.record({
    say,
    stream: fc.constant(stream),
    answers,
    target: fc.constant('same' as const),
    pull: stream ? fc.constantFrom(...pulls) : fc.constant('same-context' as const),
  })
}

/** The answers of a turn, one of them perhaps spoiled. */
function answers(setup: TurnSetup, stream: boolean): fc.Arbitrary<Answer[]> {
  const sound = soundAnswers(setup, stream)
  const spoiled = fc
    .tuple(sound, fc.nat(5), spoiling(stream, setup.faults))
    .map(([answers, which, faults]) => {
      const own = answers.filter(({ agent }) => agent === undefined)
      const broken = own[which % own.length]
      return answers.map((answer) => (answer === broken ? { ...answer, faults } : answer))
    })
  return fc.oneof(
    { weight: 100 - setup.spoiled, arbitrary: sound },
    { weight: setup.spoiled, arbitrary: spoiled },
  )
}

/** Up to two answers that call tools, then one that ends the turn. */
function soundAnswers({ agent, wire, supports, script }: TurnSetup, stream: boolean): fc.Arbitrary<Answer[]> {
  if (script !== undefined) return fc.constant([...script])
  const of = { stream, wire, parallel: supports.has('parallel-tools') }
  const calls = (count: number) => fc.array(callingAnswers(agent, of), { minLength: count, maxLength: count })
  return fc
    .tuple(fc.constantFrom(0, 1, 1, 2, 2).chain(calls), lastAnswer(of))
    .map(([before, last]) => [...before.flat(), last])
}
