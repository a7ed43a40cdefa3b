import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { WorkerJob, WorkerReport } from './worker-protocol.ts'

const PASSED_ON = ['PATH', 'LANG', 'TZ', 'TMPDIR', 'SystemRoot'] as const

/** A worker's environment: what it cannot do without, a HOME of its own, and nothing else of ours, so no credential. */
export function workerEnvironment(ours: NodeJS.ProcessEnv, home: string): NodeJS.ProcessEnv {
  const passed = PASSED_ON.filter((name) => ours[name] !== undefined).map((name) => [name, ours[name]])
  return { ...Object.fromEntries(passed), HOME: home, NODE_ENV: 'production' }
}

/** What a worker wrote past its reports, and how it ended. */
export interface WorkerEnd {
  /** What stands in the way of believing it: it crashed, was killed, or said that it failed. */
  fault?: string
  /** The recording that was running when it ended early. */
  during?: string
  /** What the runtime itself wrote to stdout and stderr, at most 64 KB. */
  noise: string
}

/**
 * Runs one worker to its end. It gets an environment of its own: no credentials, a throw-away HOME.
 * `patience` tells how long it may be silent, in milliseconds, with that recording or none under way;
 * then it is killed, for a runtime that loops cannot end by itself.
 */
export async function startWorker(
  job: WorkerJob,
  heard: (report: WorkerReport) => void,
  patience: (during: string | undefined) => number,
): Promise<WorkerEnd> {
  const home = await mkdtemp(join(tmpdir(), 'conform-'))
  const worker = fork(fileURLToPath(new URL('./worker.mjs', import.meta.url)), [], {
    env: workerEnvironment(process.env, home),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const end: WorkerEnd = { noise: '' }
  let watchdog: NodeJS.Timeout | undefined
  const watch = () => {
    clearTimeout(watchdog)
    const limit = patience(end.during)
    watchdog = setTimeout(() => {
      end.fault ??= `the worker gave no sign for ${limit / 1000} seconds and was ended`
      worker.kill('SIGKILL')
    }, limit)
  }
  for (const stream of [worker.stdout, worker.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      end.noise = (end.noise + text).slice(0, 65_536)
    })
  worker.on('message', (report: WorkerReport) => {
    if (report.kind === 'failed') end.fault = report.reason
    else if (report.kind === 'begun') end.during = report.recording
    else delete end.during
    watch()
    heard(report)
  })
  try {
    await new Promise<void>((resolve, reject) => {
      worker.once('error', reject)
      worker.once('close', (code, signal) => {
        if (code !== 0) end.fault ??= `the worker ended with ${signal ?? `exit code ${code}`}`
        else if (end.during !== undefined) end.fault ??= 'the worker ended before its verdict'
        resolve()
      })
      worker.send(job)
      watch()
    })
  } finally {
    clearTimeout(watchdog)
    await rm(home, { recursive: true, force: true })
  }
  return end
}
