import { invariants } from '../harness/invariants/index.ts'
import { judge, type RecordingVerdicts } from '../harness/verdict.ts'
import { printable } from '../mocks/printable.ts'
import type { ReadRecordings } from '../mocks/recordings/formats/read.ts'
import type { RunReport } from '../reports/run-report.ts'
import { startWorker, type WorkerEnd } from './start-worker.ts'
import type { WorkerJob } from './worker-protocol.ts'

/**
 * Leads the recordings through one runtime, in a worker; where that ends early, in another one from the next recording
 * on. `judged` is told how many have their verdicts; `crashed` says whether any worker ended early.
 */
export async function leadThrough(
  job: Omit<WorkerJob, 'skip'>,
  recordings: ReadRecordings['recordings'],
  judged: (done: number) => void,
): Promise<{ shown: Shown; results: RecordingVerdicts[]; faults: string[]; crashed: boolean }> {
  const shown: Shown = { name: job.runtime, version: '' }
  const results: RecordingVerdicts[] = []
  const faults = new Set<string>()
  let crashed = false
  const ids = recordings.map(({ file }) => file.id)
  const left = () => ids.filter((id) => !results.some(({ recording }) => recording === id))
  for (let before = -1; before < results.length && left().length > 0; ) {
    before = results.length
    const end = await startWorker(
      { ...job, skip: results.map(({ recording }) => recording) },
      (heard) => {
        if (heard.kind === 'runtime') Object.assign(shown, { name: heard.name, version: heard.version })
        if (heard.kind !== 'verdicts') return
        const { kind: _, ...verdicts } = heard
        judged(results.push(verdicts))
      },
      (during) => patienceWith(recordings, during, job.bound),
    )
    if (end.fault) faults.add(`${job.runtime}: ${end.fault}${end.during ? ` during ${end.during}` : ''}`)
    crashed ||= end.fault !== undefined
    if (end.noise) faults.add(`${job.runtime} wrote on its own: ${firstLine(end.noise)}`)
    if (end.during !== undefined) results.push(withoutVerdict(end.during, shown, end))
    if (results.length === before) results.push(...left().map((id) => withoutVerdict(id, shown, end)))
  }
  return { shown, results, faults: [...faults], crashed }
}

/** How long a worker may take to begin, in milliseconds. */
const STARTS_WITHIN = 60_000

/** No recording has more runs than requests, in each of its session modes; each run has the bound, and so has opening. */
function patienceWith(
  recordings: ReadRecordings['recordings'],
  during: string | undefined,
  bound: number,
): number {
  const file = recordings.find(({ file: { id } }) => id === during)?.file
  return file === undefined ? STARTS_WITHIN : 3 * bound * (file.recordings.length + 2)
}

type Shown = RunReport['runtimes'][number]

/** A recording that its worker never came to, or ended in. */
function withoutVerdict(recording: string, shown: Shown, end: WorkerEnd): RecordingVerdicts {
  const subject = { ...shown, supports: new Set<never>() }
  const verdict = recording === end.during ? 'harness-error' : 'missing'
  const reason = end.fault ?? 'its worker ended before it'
  const verdicts = invariants.map((invariant) =>
    judge(subject, `recordings/${recording}`, invariant, { verdict, reason }),
  )
  return { recording, verdicts, leftOut: [] }
}

function firstLine(text: string): string {
  return printable(text.trim().split('\n')[0] ?? '')
}
