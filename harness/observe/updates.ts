import type { HistoryRecorder } from '../history/recorder.ts'
import type { Outcome, Run } from '../runtime.ts'

/** Consumes a run to its end: its updates go into the history, its outcome is given. */
export async function consume(started: Run, run: string, history: HistoryRecorder): Promise<Outcome> {
  try {
    for await (const update of started.updates) history.add({ kind: 'update', run, update })
  } catch {
    // The stream's error is the outcome's, too.
  }
  return started.outcome()
}
