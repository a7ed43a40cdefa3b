import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Worker } from '../../harness/isolation/workers.ts'
import { JournalReader } from '../../harness/vitest/journal.ts'
import type { Lost } from '../../harness/vitest/settings.ts'
import { watchWorkers } from './watchdog.ts'

let reports = ''
beforeEach(async () => {
  reports = await mkdtemp(join(tmpdir(), 'conform-test-'))
})
afterEach(() => rm(reports, { recursive: true, force: true }))

const begun = `\n${JSON.stringify({ runtime: 'any', scenario: 'some' })}\n`
const of = { runtime: 'any', scenario: 'some' }

/** A worker that has written this, and its process where it still runs. */
function workerWith(text: string, child?: ChildProcess): Worker {
  const journal = new JournalReader()
  journal.feed(text)
  return {
    runtime: 'any',
    journal,
    reports,
    closed: Promise.resolve(),
    ...(child?.pid === undefined ? {} : { pid: child.pid }),
    end: () => child?.kill('SIGKILL') ?? false,
  }
}

function watched(workers: readonly Worker[], patience = 1_000_000) {
  const started: Worker[] = []
  const dog = watchWorkers({ workers: started, patience, seen() {} })
  started.push(...workers)
  return dog
}

const lostFrom = (text: string): Promise<Lost[]> => watched([workerWith(text)]).stop()

const waiting = () => spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])

describe('the watchdog', () => {
  it('tells of a journal that ends in the midst of something what that was', async () => {
    expect(await lostFrom(`${begun}...`)).toEqual([
      { ...of, execution: 2, how: 'died', message: 'the process was killed' },
    ])
    expect(await lostFrom(`${begun}.\nexit 3\n`)).toEqual([
      { ...of, execution: 0, how: 'died', message: 'the process ended with exit code 3' },
    ])
    expect(await lostFrom(`${begun}..\nend\n\nexit 0\n`)).toEqual([])
  })

  it('tells of the runtime that a worker was started for, whatever it writes of another', async () => {
    const claim = `\n${JSON.stringify({ runtime: 'reference', scenario: 'some' })}\n.`
    expect(await lostFrom(claim)).toMatchObject([{ runtime: 'any' }])
    for (const nonsense of ['\n{}\n.', '\n{"runtime":1}\n.', '\nnull\n.'])
      expect(await lostFrom(nonsense)).toEqual([])
  })

  it("tells the reason from Node's own report of that worker, control characters shown escaped", async () => {
    const report = { header: { event: 'heap out of memory\u001b[31m', trigger: 'OOMError' } }
    await writeFile(join(reports, 'report.20261120.1.4.0.001.json'), JSON.stringify(report))
    const [lost] = await lostFrom(begun)
    expect(lost?.message).toBe('the process ended: heap out of memory\\u001b[31m')
    expect(lost?.execution).toBe(-1)
  })

  it('ends a process that gives no sign, and no other', async () => {
    const [still, other, bystander] = [waiting(), waiting(), waiting()]
    const ended = once(still, 'exit')
    const claim = `\n${JSON.stringify({ pid: bystander.pid, ...of })}\n.`
    const dog = watched([workerWith(claim, still), workerWith(`${begun}.\nend\n`, other)], 1_000)
    expect(await ended).toEqual([null, 'SIGKILL'])
    expect(dog.executions()).toBe(2)
    expect(await dog.stop()).toEqual([
      { ...of, execution: 0, how: 'hung', message: 'the process gave no sign for 1 seconds and was ended' },
    ])
    for (const left of [other, bystander]) {
      expect([left.exitCode, left.signalCode]).toEqual([null, null])
      left.kill('SIGKILL')
    }
  })
})

describe('the end of a watch', () => {
  it('comes although a worker never closes and nothing else is open in the process', async () => {
    const watchdog = fileURLToPath(new URL('watchdog.ts', import.meta.url))
    const code = `
      import { watchWorkers } from ${JSON.stringify(watchdog)}
      const workers = []
      const { stop } = watchWorkers({ workers, patience: 1000, seen() {} })
      const journal = { standing: { executions: 0 }, size: 0 }
      workers.push({ runtime: 'mine', journal, closed: new Promise(() => {}), end: () => false })
      await stop()
      console.log('stopped')`
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code])
    expect(stdout).toBe('stopped\n')
  })
})
