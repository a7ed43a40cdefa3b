import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Lost } from '../../harness/vitest/settings.ts'
import { watchJournals } from './watchdog.ts'

let journals = ''
let reports = ''
beforeEach(async () => {
  journals = await mkdtemp(join(tmpdir(), 'conform-test-'))
  reports = await mkdtemp(join(tmpdir(), 'conform-test-'))
})
afterEach(async () => {
  for (const folder of [journals, reports]) await rm(folder, { recursive: true, force: true })
})

const begun = (pid: number) => `\n${JSON.stringify({ pid, runtime: 'any', scenario: 'some' })}\n`
const of = { runtime: 'any', scenario: 'some' }

function watched(patience = 1_000_000) {
  return watchJournals({ journals, reports, patience, seen() {} })
}

async function lostFrom(text: string): Promise<Lost[]> {
  await writeFile(join(journals, '1.journal'), text)
  return watched().stop()
}

/** No process has it: it lies above what any system gives. */
const NOBODY = 2 ** 22 + 1

describe('the watchdog', () => {
  it('tells of a journal that ends in the midst of something what that was', async () => {
    expect(await lostFrom(`${begun(NOBODY)}...`)).toEqual([
      { ...of, execution: 2, how: 'died', message: 'the process was killed' },
    ])
    expect(await lostFrom(`${begun(NOBODY)}.\nexit 3\n`)).toEqual([
      { ...of, execution: 0, how: 'died', message: 'the process ended with exit code 3' },
    ])
    expect(await lostFrom(`${begun(NOBODY)}..\nend\n\nexit 0\n`)).toEqual([])
  })

  it("tells the reason from Node's own report, control characters shown escaped", async () => {
    const report = { header: { event: 'heap out of memory\u001b[31m', trigger: 'OOMError' } }
    await writeFile(join(reports, `report.20261120.1.${NOBODY}.0.001.json`), JSON.stringify(report))
    const [lost] = await lostFrom(begun(NOBODY))
    expect(lost?.message).toMatch(/^the process ended: heap out of memory\\/)
    expect(lost?.execution).toBe(-1)
  })

  it('ends a process that gives no sign, and no other', async () => {
    const still = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    const ended = once(still, 'exit')
    await writeFile(join(journals, 'still.journal'), `${begun(still.pid ?? NOBODY)}.`)
    await writeFile(join(journals, 'other.journal'), `${begun(other.pid ?? NOBODY)}.\nend\n`)
    const dog = watched(1_000)
    expect(await ended).toEqual([null, 'SIGKILL'])
    expect(dog.executions()).toBe(2)
    expect(dog.stop()).toEqual([
      { ...of, execution: 0, how: 'hung', message: 'gave no sign for 1 seconds and was ended' },
    ])
    expect(other.exitCode).toBeNull()
    other.kill('SIGKILL')
  })
})
