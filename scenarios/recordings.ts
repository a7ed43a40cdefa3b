import { invariants } from '../harness/invariants/index.ts'
import { derive } from '../harness/replay/derive.ts'
import { replayOn } from '../harness/replay/replay.ts'
import type { Replay } from '../harness/replay/types.ts'
import { errorShape, type Runtime } from '../harness/runtime.ts'
import { type Judged, judge, type RecordingVerdicts, type Unjudged } from '../harness/verdict.ts'
import type { RecordingFile } from '../mocks/recordings/types.ts'
import type { TransportName } from '../mocks/transports.ts'

/**
 * A recorded conversation, led through a runtime with the model's answers as they were recorded, in each session mode
 * that both of them know. The invariants must hold as they do for any conversation.
 */
export async function recordingScenario(
  runtime: Runtime,
  file: RecordingFile,
  setup: { transport: TransportName; bound: number },
): Promise<RecordingVerdicts> {
  const { replays, inexpressible, leftOut } = derive(file)
  const lacking = replays.flatMap(({ needs }) => needs.filter((need) => !runtime.supports.has(need)))
  const playable = replays.filter(({ needs }) => needs.every((need) => runtime.supports.has(need)))
  const reasons = [...inexpressible, ...new Set(lacking.map((need) => `${runtime.name} has no ${need}`))]
  const judged: Judged[] | Unjudged =
    playable.length === 0
      ? { verdict: 'not-applicable', reason: reasons.join('; ') }
      : await playAll(runtime, playable, setup)
  return {
    recording: file.id,
    verdicts: invariants.map((invariant) => judge(runtime, `recordings/${file.id}`, invariant, judged)),
    leftOut: [...leftOut, ...(playable.length > 0 ? reasons : [])],
  }
}

async function playAll(
  runtime: Runtime,
  replays: readonly Replay[],
  setup: { transport: TransportName; bound: number },
): Promise<Judged[] | Unjudged> {
  const judged: Judged[] = []
  try {
    for (const [index, replay] of replays.entries())
      for (const session of replay.sessions)
        if (runtime.supports.has(session))
          judged.push({
            plan: `conversation ${index}, session ${session}`,
            history: await replayOn(runtime, replay, { ...setup, session }),
          })
  } catch (error) {
    const { name, message } = errorShape(error)
    return { verdict: 'harness-error', reason: `${name}: ${message}` }
  }
  return judged
}
