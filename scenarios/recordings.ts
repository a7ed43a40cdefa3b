import type { Recorded } from '../harness/contract/scenario.ts'
import { fromRecording } from '../harness/plan/recorded/from-recording.ts'

/**
 * Somebody's client once had this conversation with the real service. Now the runtime has it: the user says the same, the
 * tools give the same results, the model answers the same, event by event. What the runtime sends must be what that client
 * sent, and every promise must hold on traffic that nobody made up. Each file is a case of its own.
 */
const recordings: Recorded = {
  about:
    "A recorded conversation is led through the runtime again: its user's messages, its tools' results and the model's answers are those of the recording, and the requests must be, too.",
  source: 'The recordings themselves: each file names its client and server in `madeWith`.',
  fromRecording,
}

export default recordings
