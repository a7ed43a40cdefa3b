import { fromRecording } from '../harness/plan/recorded/from-recording.ts'
import type { Recorded } from '../harness/scenario.ts'

/** Recorded traffic, each file a case of its own. */
const recordings: Recorded = {
  about:
    "A recorded conversation is led through the runtime again: its user's messages, its tools' results and the model's answers are those of the recording, and the requests must be, too.",
  source: 'The recordings themselves: each file names its client and server in `madeWith`.',
  fromRecording,
}

export default recordings
