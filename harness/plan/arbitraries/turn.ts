import fc from 'fast-check'
import type { Answer } from '../../../mocks/service/types.ts'
import type { Capability } from '../../contract/runtime.ts'
import { hookNames } from '../schema.ts'
import type { AgentSpec, HookFault, Pull, Turn } from '../types.ts'
import {
  addStall,
  arbitraryCallingAnswers,
  arbitraryFinalAnswer,
  buildStalledNestedAnswers,
  hangingAnswer,
} from './answer.ts'
import { arbitraryFaults, streamPlaces } from './fault.ts'
import { arbitraryStops, listPossibleStops } from './stop.ts'
import { arbitraryArguments } from './tool.ts'

/** What generated turns can contain. Shares are percentages. */
export interface TurnSetup {
  supports: ReadonlySet<Capability>
  /** The agent that has the conversation, and its team. */
  agent: AgentSpec
  team: readonly AgentSpec[]
  /** Whether turns are streamed always, never, or at random. */
  stream: 'always' | 'never' | 'drawn'
  pulls: readonly Pull[]
  /** Share of turns in which an answer has a fault. The answers after a fault are mostly never requested. */
  spoiled: number
  /** Which faults: any, or only faults that a client retries. */
  faults: 'any' | 'retried'
  /** Share of turns that are stopped. Some are stopped during a stall or a hanging tool. */
  stopped: number
  /** Share of turns in which a hook throws. */
  broken: number
  wire: boolean
  /** Whether the turn is the last of its conversation. */
  last: boolean
  /** The answers of the model. Default: up to two answers with calls of the agent's tools, then one that ends the turn. */
  script?: readonly Answer[]
}

const say = fc.constantFrom('What is the weather?', 'And tomorrow?', 'Why — and how?')

/** The instructions that a second context provider adds to some runs. */
const ADDED = 'Use short words.'

/** Returns an arbitrary of turns. */
export function arbitraryTurns(setup: TurnSetup): fc.Arbitrary<Turn> {
  const { supports } = setup
  const turns = arbitraryTurnsWithOneOfEach(setup)
  const mayAddCleanups = hasTwoCleanups(setup)
  if (!supports.has('added-instructions') && !mayAddCleanups) return turns
  const adds = supports.has('added-instructions') ? [undefined, undefined, undefined, ADDED] : [undefined]
  return fc
    .record({ turn: turns, adds: fc.constantFrom(...adds), one: fc.nat(5) })
    .map(({ turn, adds, one }) => ({
      ...turn,
      ...(adds === undefined ? {} : { adds }),
      ...(mayAddCleanups && one >= countWithOneCleanup(turn) ? { cleanups: 2 } : {}),
    }))
}

function hasTwoCleanups({ supports }: TurnSetup): boolean {
  return supports.has('two-cleanups') && supports.has('cleanup')
}

/** Returns how many of six turns keep their one cleanup hook. Where one of the hooks throws, the other matters most. */
function countWithOneCleanup({ breaks }: Turn): number {
  return breaks?.hook === 'cleanup' ? 1 : 4
}

/** Returns an arbitrary of turns with one context provider and one cleanup hook. */
function arbitraryTurnsWithOneOfEach(setup: TurnSetup): fc.Arbitrary<Turn> {
  const drawn = setup.supports.has('stream') ? setup.stream : 'never'
  const stream = drawn === 'drawn' ? fc.constantFrom(true, true, false) : fc.constant(drawn === 'always')
  return stream.chain((stream) => {
    const ways = listPossibleStops(setup.supports, stream, setup.last)
    if (ways.length === 0 || setup.stopped === 0) return arbitraryPlainTurn(setup, stream)
    return fc.oneof(
      { weight: 100 - setup.stopped, arbitrary: arbitraryPlainTurn(setup, stream) },
      { weight: setup.stopped, arbitrary: arbitraryStoppedTurn(setup, stream, ways) },
    )
  })
}

function arbitraryPlainTurn(setup: TurnSetup, stream: boolean): fc.Arbitrary<Turn> {
  const named = hookNames.filter((hook) => setup.supports.has(hook))
  const hooks = hasTwoCleanups(setup) ? named.concat('cleanup') : named
  const breaks: fc.Arbitrary<HookFault> | undefined =
    hooks.length === 0
      ? undefined
      : fc.record({ hook: fc.constantFrom(...hooks), nth: fc.integer({ min: 0, max: 1 }) })
  const sound = arbitraryTurnWith(stream, arbitraryAnswersWithoutFaults(setup, stream), setup.pulls)
  const spoiled = arbitraryTurnWith(stream, arbitrarySpoiledAnswers(setup, stream), setup.pulls)
  const broken = breaks === undefined ? 0 : setup.broken
  // A hook that throws has an answer with a fault beside it as often as not.
  const both = Math.max(Math.min(setup.spoiled, broken) / 2, setup.spoiled + broken - 100)
  const addBreaks = (turns: fc.Arbitrary<Turn>) =>
    fc
      .record({ turn: turns, breaks: breaks ?? fc.constant(undefined) })
      .map(({ turn, breaks }) => (breaks ? { ...turn, breaks } : turn))
  return fc.oneof(
    { weight: 2 * (100 - setup.spoiled - broken + both), arbitrary: addLimits(setup, sound) },
    { weight: 2 * (setup.spoiled - both), arbitrary: addLimits(setup, spoiled) },
    { weight: 2 * (broken - both), arbitrary: addBreaks(sound) },
    { weight: 2 * both, arbitrary: addBreaks(spoiled) },
  )
}

/** Adds a limit to some turns. In about half of them the run needs more answers than it allows. */
function addLimits({ supports, agent, script }: TurnSetup, turns: fc.Arbitrary<Turn>): fc.Arbitrary<Turn> {
  if (!supports.has('limit') || script !== undefined || agent.handoffs.length > 0) return turns
  const place = fc.oneof(
    { weight: 5, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.nat(5) },
  )
  return fc.record({ turn: turns, place }).map(({ turn, place }) => {
    if (place === undefined) return turn
    const own = turn.answers.filter((answer) => answer.agent === undefined).length
    return { ...turn, limit: 1 + (place % own) }
  })
}

function arbitraryStoppedTurn(setup: TurnSetup, stream: boolean, ways: ReturnType<typeof listPossibleStops>) {
  const { pulls, supports } = setup
  const stoppable = pulls.filter((pull) => pull !== 'final-only' || ways.some((how) => how !== 'return'))
  const anyhow = fc
    .constantFrom(...(stoppable.length > 0 ? stoppable : (['same-context'] as const)))
    .chain((pull) =>
      fc.record({
        turn: arbitraryTurnWith(stream, arbitraryAnswers(setup, stream), [pull]),
        stop: arbitraryStops(supports, ways, stream, pull),
      }),
    )
    .map(({ turn, stop }): Turn => ({ ...turn, stop }))
  // A consumer that cannot leave during a stall aborts, so `return` needs a runtime that can be aborted.
  const waiting = ways.filter((how) => how !== 'return' || supports.has('abort'))
  if (waiting.length === 0) return anyhow
  const how = fc.constantFrom(...waiting)
  const stalled = fc
    .record({
      turn: arbitraryTurnWith(stream, arbitraryAnswersWithoutFaults(setup, stream), pulls),
      which: fc.nat(5),
      at: streamPlaces,
      how,
      // 0 stops the run in the step in which the stream stalls, 1 when nothing has come for a while.
      events: fc.nat(1),
      updates: fc.nat(2),
    })
    .map(({ turn, which, at, how, events, updates }): Turn => {
      const request = which % turn.answers.length
      const silent = turn.answers.map((answer, place) => (place === request ? addStall(answer, at) : answer))
      // A consumer returns between two pulls, so its updates say when.
      const returns = how === 'return' && turn.pull !== 'final-only'
      const after = returns ? { updates } : { request, events: events + (stream ? at : 0) }
      return {
        ...turn,
        answers: silent,
        stop: { how: how === 'return' && !returns ? 'abort' : how, after },
      }
    })
  // These runs are stopped while their consumer waits in a pull.
  const inPull = ways.filter((how) => how !== 'return')
  if (inPull.length === 0)
    return fc.oneof({ weight: 6, arbitrary: anyhow }, { weight: 4, arbitrary: stalled })
  const whileWaiting = fc.constantFrom(...inPull)
  const hung = fc
    .record({ turn: arbitraryTurnWith(stream, fc.constant([hangingAnswer]), pulls), how: whileWaiting })
    .map(({ turn, how }): Turn => ({ ...turn, stop: { how, after: { toolStarts: 1 } } }))
  const lasting = setup.agent.tools.filter(isIgnoringTool)
  const outlived = fc
    .record({ turn: arbitraryTurnWith(stream, arbitraryCallOfOne(lasting), pulls), again: fc.boolean() })
    .map(({ turn, again }): Turn => {
      const twice = again && stream && turn.pull !== 'final-only' && supports.has('signal')
      return {
        ...turn,
        stop: { how: 'abort', after: { toolStarts: 1 }, ...(twice ? { again: true } : {}) },
      }
    })
  const nests = buildStalledNestedAnswers(setup.agent, 0) !== undefined
  const inside = fc
    .record({ turn: arbitraryTurnWith(stream, fc.constant([]), pulls), how: whileWaiting, at: fc.nat(4) })
    .map(
      ({ turn, how, at }): Turn => ({
        ...turn,
        answers: buildStalledNestedAnswers(setup.agent, at) ?? [],
        stop: { how, after: { request: 1, events: stream ? at : 0 } },
      }),
    )
  return fc.oneof(
    ...(nests ? [{ weight: 2, arbitrary: inside }] : []),
    { weight: 6, arbitrary: anyhow },
    { weight: 4, arbitrary: stalled },
    ...(setup.agent.tools.some(isHangingTool) ? [{ weight: 3, arbitrary: hung }] : []),
    ...(lasting.length > 0 && inPull.includes('abort') ? [{ weight: 4, arbitrary: outlived }] : []),
  )
}

/** Returns whether a tool ignores at one of its calls that its run is stopped. */
function isIgnoringTool({ does }: AgentSpec['tools'][number]): boolean {
  return does.some((act) => 'ignoresSignal' in act && act.ignoresSignal)
}

/** Returns an arbitrary of one answer with a call of one of the tools. No text in the call is empty. */
function arbitraryCallOfOne(tools: AgentSpec['tools']): fc.Arbitrary<Answer[]> {
  if (tools.length === 0) return fc.constant([])
  return fc
    .constantFrom(...tools)
    .chain(({ name: tool }) => arbitraryArguments(tool).map((args) => ({ tool, args })))
    .map(({ tool, args: { value, ...args } }) => {
      const text = value === undefined ? {} : { value: value || 'Oslo' }
      return [{ items: [{ type: 'call', tool, args: { ...text, ...args } }] }]
    })
}

function isHangingTool({ does }: AgentSpec['tools'][number]): boolean {
  return does.some(({ kind }) => kind === 'hang')
}

function arbitraryTurnWith(
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

/** Returns an arbitrary of the answers of a turn. Sometimes one of them has faults. */
function arbitraryAnswers(setup: TurnSetup, stream: boolean): fc.Arbitrary<Answer[]> {
  return fc.oneof(
    { weight: 100 - setup.spoiled, arbitrary: arbitraryAnswersWithoutFaults(setup, stream) },
    { weight: setup.spoiled, arbitrary: arbitrarySpoiledAnswers(setup, stream) },
  )
}

/** Returns an arbitrary of the answers of a turn. One of them has faults. */
function arbitrarySpoiledAnswers(setup: TurnSetup, stream: boolean): fc.Arbitrary<Answer[]> {
  return fc
    .tuple(arbitraryAnswersWithoutFaults(setup, stream), fc.nat(5), arbitraryFaults(stream, setup.faults))
    .map(([answers, which, faults]) => {
      const own = answers.filter(({ agent }) => agent === undefined)
      const broken = own[which % own.length]
      return answers.map((answer) => (answer === broken ? { ...answer, faults } : answer))
    })
}

/** Returns an arbitrary of up to two answers with calls, then one that ends the turn, all without faults. */
function arbitraryAnswersWithoutFaults(
  { agent, team, wire, supports, script }: TurnSetup,
  stream: boolean,
): fc.Arbitrary<Answer[]> {
  if (script !== undefined) return fc.constant([...script])
  const of = { stream, wire, parallel: supports.has('parallel-tools'), wrong: supports.has('call-errors') }
  const calls = (count: number) =>
    fc.array(arbitraryCallingAnswers(agent, team, of), { minLength: count, maxLength: count })
  return fc
    .tuple(fc.constantFrom(0, 1, 1, 2, 2).chain(calls), arbitraryFinalAnswer(of))
    .map(([before, last]) => [...before.flat(), last])
}
