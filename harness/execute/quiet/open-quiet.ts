import type { HistoryRecorder } from '../../history/recorder.ts'
import { watchInFlight } from '../../observe/in-flight.ts'
import { listAgentsUsedAsTools } from '../../plan/team.ts'
import type { Plan, Turn } from '../../plan/types.ts'
import type { Gates } from '../schedule/gates.ts'
import type { Clock } from '../world/clock.ts'
import { HeldClockQuiet } from './held-clock.ts'
import { OtherProcessQuiet } from './other-process.ts'
import type { Quiet } from './quiet.ts'
import { SocketQuiet } from './socket.ts'

export interface QuietSetup {
  plan: Plan
  gates: Gates
  history: HistoryRecorder
  /** The harness's clock; undefined where time is real. */
  clock: Clock | undefined
  turnsToNextRequest: number
  /** How many times the usual bound a conversation may take. */
  patience: number
  /** Whether the runtime lives in another process. */
  isRemote: boolean
}

/** Returns how the harness finds out that this runtime is idle. Call `release` when the plan is over. */
export function openQuiet(setup: QuietSetup): { quiet: Quiet; release(): void } {
  const { plan, gates, history, clock, turnsToNextRequest, patience, isRemote } = setup
  const recorded = () => history.events.length
  if (clock !== undefined) {
    const quiet = new HeldClockQuiet({ gates, clock, recorded, turnsToNextRequest, patience })
    return { quiet, release: () => {} }
  }
  const flight = watchInFlight()
  const sendsSeveral = listAgentsUsedAsTools(plan.team).size > 0
  const socket = { gates, recorded, flight, turnsToNextRequest, sendsSeveral, patience }
  const quiet = isRemote
    ? new OtherProcessQuiet({ ...socket, nextRecorded: () => history.next(), mayBreakOff: mayBreakOff(plan) })
    : new SocketQuiet(socket)
  return { quiet, release: () => flight.release() }
}

/** Whether a run of the plan may end before its answer does. */
function mayBreakOff({ conversations }: Plan): boolean {
  const turnMay = ({ stop, breaks, answers }: Turn) =>
    stop !== undefined || breaks !== undefined || answers.some(({ faults }) => faults !== undefined)
  return conversations.some(({ turns }) => turns.some(turnMay))
}
