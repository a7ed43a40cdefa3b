import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Verdict, VerdictName } from '../harness/explore/verdict.ts'
import { comparisons, invariants } from '../harness/invariants/index.ts'
import { findIsolation } from '../harness/isolation/launch.ts'
import { readCounterexample } from '../harness/known/counterexample.ts'
import { exitCodes } from './exit-codes.ts'
import { run } from './testing/conform.ts'
import { type Reported, readReport } from './testing/report.ts'

const SECONDS = 2
const promises = [...invariants, ...comparisons].length
const silent = /^the process gave no sign for 2 seconds and was ended$/

/** What a stray is to be reported as; of those that break a must the rest of the promises hold, or is missing. */
interface Expected {
  verdict: VerdictName
  invariant?: string
  /** In the reason, in the violation's message or in how the run ended. */
  says: RegExp
  rest: 'holds' | 'missing' | 'the same'
}

const survives = 'process-survives'
const settles = 'run-settles-once'
const fault = (says: RegExp): Expected => ({ verdict: 'harness-error', says, rest: 'the same' })
const broken = (invariant: string, says: RegExp, rest: Expected['rest'] = 'holds'): Expected => ({
  verdict: 'violated',
  invariant,
  says,
  rest,
})

/** Whether the kernel counts what any thread or process of a worker sends elsewhere. */
const isCounted = findIsolation() !== 'process'

const strays: Record<string, Expected> = {
  exits: broken(survives, /^the process did not survive: process\.exit\(0\) was called$/),
  dies: broken(survives, /^the process did not survive: the process was killed$/, 'missing'),
  loops: broken(settles, silent, 'missing'),
  hangs: broken(settles, /^run c0\.t0 did not end within its time limit$/),
  lingers: broken('nothing-left-open', /^still open after the team was closed: 1 timers are still set$/),
  writes: broken('process-stays-quiet', /^written to stdout: x+$/),
  'fails-once': broken(survives, /nobody waits for this/),
  ...(isCounted
    ? { 'reaches-by-thread': broken('no-egress', /^sent elsewhere: somewhere, by a process/) }
    : {}),
  'reaches-at-import': broken('no-egress', /^sent elsewhere: 198\.51\.100\.7:443 \(while it was loaded\)$/),
  'hides-behind-built-ins': broken('process-stays-quiet', /^written to stdout: hidden$/),
  throws: fault(/start\(\) of run c0\.t0 threw: Error: this adapter starts nothing/),
  'never-opens': fault(/open\(\) did not settle within its bound/),
  'never-closes': fault(/close\(\) did not settle within its bound/),
  'nonsense-outcome': fault(/outcome\(\) of run c0\.t0: found \{"status":"great".*expected a status of/),
  'nonsense-updates': fault(/updates of run c\d\.t\d: found 42, expected an update/),
  'throws-at-import': fault(/adapter\.ts could not be loaded: Error: this adapter cannot be loaded/),
  'exits-at-import': fault(/adapter\.ts could not be loaded: .*process\.exit/),
  'dies-at-import': fault(/adapter\.ts could not be loaded: the process was killed/),
  'loops-at-import': fault(
    /adapter\.ts could not be loaded: the process gave no sign for 2 seconds and was ended/,
  ),
  'exports-nothing': fault(/adapter\.ts, export runtime: version: found nothing, expected a string/),
}
/** Left to the slow tests, or to machines whose kernel counts what a thread sends. */
const left = ['rejects', 'floods', 'floods-beside', ...(isCounted ? [] : ['reaches-by-thread'])]

const adapters = fileURLToPath(new URL('testing', import.meta.url))
let folder = ''
let reported: Reported
let alone: Reported
const common = ['--scenario', 'sessions', '--runs', '6', '--seed', '1', '--patience', String(SECONDS)]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conform-test-'))
  const out = ['--out', folder, '--json', '-']
  const names = Object.keys(strays).flatMap((name) => ['--runtime', join(adapters, name)])
  reported = readReport(await run(...names, '--runtime', 'openai-loop', ...common, ...out))
  alone = readReport(await run('--runtime', 'openai-loop', ...common, ...out))
}, 240_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('stray adapters, all in one command', () => {
  it('are all of them here', async () => {
    // A runtime whose defects are not found is no stray.
    const folders = (await readdir(adapters, { withFileTypes: true })).filter(
      (entry) => entry.isDirectory() && entry.name !== 'planted-defects',
    )
    const known = [...Object.keys(strays), ...left]
    expect(folders.map(({ name }) => name).sort()).toEqual(known.sort())
  })

  it.each(Object.keys(strays))('%s is reported as what it is', (name) => {
    const { verdict, invariant, says, rest } = strays[name] as Expected
    const verdicts = reported.verdicts.filter(({ runtime }) => runtime === name)
    // A broken rule has one verdict for each cause.
    expect(new Set(verdicts.map((one) => one.invariant)).size).toBe(promises)
    const told = verdicts.filter((one) => one.verdict === verdict)
    const [first] = invariant === undefined ? told : told.filter((one) => invariant.includes(one.invariant))
    expect(first, `no ${verdict} ${invariant ?? ''}`).toBeDefined()
    expect(linesOf(first as Verdict)).toContainEqual(expect.stringMatching(says))
    if (rest === 'the same')
      expect(verdicts.filter(reachable).every((one) => one.verdict === verdict)).toBe(true)
    else
      for (const one of verdicts.filter(reachable))
        if (one.invariant !== first?.invariant && !followsFrom(name, one) && !isUntested(one))
          expect([one.invariant, one.verdict]).toEqual([one.invariant, rest])
  })

  it('leave the verdicts of a runtime beside them whole', () => {
    const beside = reported.verdicts.filter(({ runtime }) => runtime === 'openai-loop')
    expect(alone.code).toBe(exitCodes.expected)
    expect(beside).toEqual(alone.verdicts)
    expect(beside.some(({ verdict }) => verdict === 'holds')).toBe(true)
  })

  it('leave nothing but JSON on stdout and nothing on stderr, and end with the code of a fault', () => {
    expect(reported.stderr).toBe('')
    expect(reported.code).toBe(exitCodes.harness)
    expect(reported.faults).toEqual([])
  })

  it('leave counterexamples that are made small where the process survives, and can be read', async () => {
    const file = join(folder, 'exits--0.1.0--sessions--process-survives--the-process-did-not-survive.json')
    const { plan } = readCounterexample(await readFile(file, 'utf8'), file)
    expect(plan.conversations.flatMap(({ turns }) => turns).length).toBeLessThan(2)
  })
})

describe('a stray alone', () => {
  it('that breaks a must ends with 1, though the rest is missing', async () => {
    const { code, stdout } = await run('--runtime', join(adapters, 'dies'), ...common, '--out', folder)
    expect(code).toBe(exitCodes.violated)
    expect(stdout).toContain('✗ process-survives (must) on dies 0.1.0')
    expect(stdout).toMatch(
      /\? \d+ checks? did not finish: its process did not survive 2 plans, so the remaining plans did not run/,
    )
  })
})

function reachable({ verdict }: Verdict): boolean {
  return verdict !== 'not-applicable'
}

function isUntested({ verdict }: Verdict): boolean {
  return verdict === 'unexercised'
}

/** A run that hangs after its hook has fired was a success to the hook. */
function followsFrom(name: string, { invariant }: Verdict): boolean {
  return name === 'hangs' && invariant === 'after-run-only-on-success'
}

function linesOf({ reason, counterexample }: Verdict): string[] {
  const ends = counterexample?.ends.map((end) => end.replace(/^.*Hung: /, '')) ?? []
  return [reason ?? '', ...(counterexample?.violations.map(({ message }) => message) ?? []), ...ends]
}
