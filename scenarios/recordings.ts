import type { Recorded } from '../harness/contract/scenario.ts'
import { buildPlansFromRecording } from '../harness/plan/recorded/from-recording.ts'

/**
 * A client once had this conversation. The runtime has it again: users, tools and the model say the same, event by event. The runtime must send the same requests as that client, and every invariant must hold. Each
 * recording is one case.
 */
const recordings: Recorded = {
  about: 'Replays recorded conversations; the runtime must send the same requests as the recorded client.',
  source: 'The recordings themselves: each file names its client and server in `madeWith`.',
  fromRecording: buildPlansFromRecording,
}

export default recordings
