import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Lost } from '../../harness/vitest/settings.ts'
import { type Watched, watchJournals } from './watchdog.ts'

let journals = ''
let reports = ''
beforeEach(async () => {
  journals = await mkdtemp(join(tmpdir(), 'conform-test-'))
  reports = await mkdtemp(join(tmpdir(), 'conform-test-'))
})
afterEach(async () => {
  for (const folder of [journals, reports]) await rm(folder, { recursive: true, force: true })
})

const begun = `\n${JSON.stringify({ runtime: 'any', scenario: 'some' })}\n`
const of = { runtime: 'any', scenario: 'some' }

/** Processes that were started, by the numbers of their workers. */
function started(processes: Record<string, ChildProcess>): Watched['workers'] {
  return {
    pid: (id) => processes[id]?.pid,
    end: (id) => processes[id]?.kill('SIGKILL') ?? false,
    reportsOf: (id) => join(reports, id),
  }
}

function watched(patience = 1_000_000, processes: Record<string, ChildProcess> = {}) {
  return watchJournals({ journals, workers: started(processes), patience, seen() {} })
}

async function lostFrom(text: string): Promise<Lost[]> {
  await writeFile(join(journals, '1.journal'), text)
  return watched().stop()
}

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

  it("tells the reason from Node's own report of that worker, control characters shown escaped", async () => {
    const report = { header: { event: 'heap out of memory\u001b[31m', trigger: 'OOMError' } }
    await mkdir(join(reports, '1'))
    await mkdir(join(reports, '2'))
    await writeFile(join(reports, '1', 'report.20261120.1.4.0.001.json'), JSON.stringify(report))
    await writeFile(join(journals, '2.journal'), begun)
    const lost = await lostFrom(begun)
    expect(lost.map(({ message }) => message)).toEqual([
      'the process ended: heap out of memory\\u001b[31m',
      'the process was killed',
    ])
    expect(lost[0]?.execution).toBe(-1)
  })

  it('ends a process that gives no sign, and no other', async () => {
    const [still, other] = [waiting(), waiting()]
    const ended = once(still, 'exit')
    await writeFile(join(journals, '1.journal'), `${begun}.`)
    await writeFile(join(journals, '2.journal'), `${begun}.\nend\n`)
    const dog = watched(1_000, { 1: still, 2: other })
    expect(await ended).toEqual([null, 'SIGKILL'])
    expect(dog.executions()).toBe(2)
    expect(dog.stop()).toEqual([
      { ...of, execution: 0, how: 'hung', message: 'gave no sign for 1 seconds and was ended' },
    ])
    expect(other.exitCode).toBeNull()
    other.kill('SIGKILL')
  })

  it('ends nothing that it did not start, whatever a journal or its name says', async () => {
    const [ours, bystander] = [waiting(), waiting()]
    const ended = once(ours, 'exit')
    const claim = `\n${JSON.stringify({ pid: bystander.pid, ...of })}\n.`
    await writeFile(join(journals, '1.journal'), claim)
    await writeFile(join(journals, `${bystander.pid}.journal`), claim)
    execFileSync('mkfifo', [join(journals, '3.journal')])
    await mkdir(join(journals, '4.journal'))
    const dog = watched(1_000, { 1: ours })
    await ended
    dog.stop()
    expect([bystander.exitCode, bystander.signalCode]).toEqual([null, null])
    bystander.kill('SIGKILL')
  })
})
