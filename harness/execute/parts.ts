import type { HistoryRecorder } from '../history/recorder.ts'
import type { Plan } from '../plan/types.ts'
import type { Conversation } from './conversation/conversation.ts'
import type { Quiet } from './quiet/quiet.ts'
import type { Gates } from './schedule/gates.ts'
import type { WhoseTurn } from './schedule/whose-turn.ts'
import type { Misuse } from './world/misuse.ts'

/** What one execution is composed of. Each part owns its own state; none is replaced while the plan runs. */
export interface Parts {
  readonly plan: Plan
  readonly history: HistoryRecorder
  readonly gates: Gates
  readonly conversations: readonly Conversation[]
  readonly whoseTurn: WhoseTurn
  readonly quiet: Quiet
  readonly misuse: Misuse
}
