import type { Script } from '../../mocks/service/script.ts'
import type { TransportName } from '../../mocks/transports.ts'
import type { Team } from '../contract/runtime.ts'
import type { HistoryRecorder } from '../history/recorder.ts'
import type { Contexts } from '../observe/contexts.ts'
import type { InFlight } from '../observe/in-flight.ts'
import { toolAgents } from '../plan/team.ts'
import type { Conversation, Plan, Turn } from '../plan/types.ts'
import type { Clock } from './clock.ts'
import { type Gates, openGates } from './gates.ts'

/** The turn of a conversation that is on, or was last. */
export interface OpenTurn {
  run: string
  plan: Turn
  /** What the model still has to say in it. */
  script: Script
  /** Fires when the run is stopped by its signal. */
  abort: AbortController
  /** Settles when the consumer pulls no more. */
  dropped: PromiseWithResolvers<'dropped'>
  seen: Seen
  /** Whether the plan's stop is to be carried out, and whether it was. */
  stop: 'none' | 'waiting' | 'due' | 'done'
}

/** What has been seen of a run: conditions of its stop are counted by it. */
export interface Seen {
  updates: number
  toolStarts: number
  /** The run's requests in order, each with the stream events that were sent for it. */
  requests: Map<number, number>
}

/** A conversation of the plan while it is had. */
export interface Line {
  plan: Conversation
  turn: OpenTurn | undefined
  /** Nothing came of it within its bound: what it still says is not heard. */
  givenUp: boolean
}

/** What a plan is run with: shared by all its conversations. */
export interface Stage {
  plan: Plan
  transport: TransportName
  lines: Line[]
  gates: Gates
  history: HistoryRecorder
  clock: Clock | undefined
  /** What is on its way over a socket; only where there is one, which is where time is real. */
  flight: InFlight | undefined
  contexts: Contexts
  /** How long a conversation may take to come to its next gate, in milliseconds of its clock. */
  bound: number
  /** The conversation that is started, or whose gate was opened last: what is seen was caused by it. */
  cause: number | null
  team: Team | undefined
  /** A run has been stopped, and the service may not have heard of it yet. */
  stopping: boolean
  /** Whether a turn may send several requests at once: an agent as a tool does. */
  nests: boolean
  /** How often the service has been asked, has sent something or ended it. */
  served: number
  /** So many requests have arrived and are not told yet. */
  arriving: number
  /** What the service sent last is only passed on by whoever gets it. */
  passesOn: boolean
  /** Consumers that wait for quiet before they look whether to leave: each goes on when it is called. */
  pulls: (() => void)[]
  /** Whether any run of the plan may end before its answer does: then it counts how far its consumer is. */
  breaksOff: boolean
  /** What an adapter did against its contract: the first of it. */
  fault: unknown
}

/** The bound of a run: virtual under the harness's clock, else real. */
const BOUND = { virtual: 60_000, real: 5_000 }

function breaksOff({ stop, breaks, answers }: Turn): boolean {
  return stop !== undefined || breaks !== undefined || answers.some(({ faults }) => faults !== undefined)
}

export function openStage(
  plan: Plan,
  transport: TransportName,
  history: HistoryRecorder,
  clock: Clock | undefined,
  flight: InFlight | undefined,
  contexts: Contexts,
  patience: number,
): Stage {
  return {
    plan,
    transport,
    lines: plan.conversations.map((plan) => ({ plan, turn: undefined, givenUp: false })),
    gates: openGates(plan.conversations.length),
    history,
    clock,
    flight,
    contexts,
    bound: (clock ? BOUND.virtual : BOUND.real) * patience,
    cause: null,
    team: undefined,
    stopping: false,
    nests: toolAgents(plan.team).size > 0,
    served: 0,
    arriving: 0,
    passesOn: false,
    pulls: [],
    breaksOff: plan.conversations.some(({ turns }) => turns.some(breaksOff)),
    fault: undefined,
  }
}
