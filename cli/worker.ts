import { errorShape, type Runtime } from '../harness/runtime.ts'
import { readRecordingFile } from '../mocks/recordings/formats/read.ts'
import type { RecordingFile } from '../mocks/recordings/types.ts'
import { recordingScenario } from '../scenarios/recordings.ts'
import type { WorkerJob, WorkerReport } from './worker-protocol.ts'

process.once('message', (job: WorkerJob) => {
  work(job).then(leave, (error) => {
    tell({ kind: 'failed', reason: `${errorShape(error).name}: ${errorShape(error).message}` })
    leave()
  })
})

/** Ends the process soon, also where the runtime left a timer or a socket open that would keep it. */
function leave(): void {
  process.disconnect()
  setTimeout(() => process.exit(), 500).unref()
}

function tell(report: WorkerReport): void {
  process.send?.(report)
}

async function work({ runtime: name, paths, skip, transport, bound }: WorkerJob): Promise<void> {
  const { runtime } = (await import(`../runtimes/${name}/adapter.ts`)) as { runtime: Runtime }
  tell({ kind: 'runtime', name: runtime.name, version: runtime.version })
  for (const path of paths)
    for (const file of await filesIn(path)) {
      if (skip.includes(file.id)) continue
      tell({ kind: 'begun', recording: file.id })
      tell({ kind: 'verdicts', ...(await recordingScenario(runtime, file, { transport, bound })) })
    }
}

async function filesIn(path: string): Promise<RecordingFile[]> {
  const { held } = await readRecordingFile(path)
  return 'recordings' in held ? held.recordings : []
}
