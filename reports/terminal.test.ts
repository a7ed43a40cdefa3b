import { describe, expect, it } from 'vitest'
import { buildVerdict, type Verdict, type VerdictName } from '../harness/explore/verdict.ts'
import { createPlainPlan } from '../harness/testing/plans.ts'
import { createNoWordInvariant } from '../harness/testing/promises.ts'
import type { CaseResult, RunReport } from './run-report.ts'
import { formatReport, type ReportOptions } from './terminal.ts'

const HOSTILE = '\u001b[2J\u202e\r\nfine'

function verdict(name: VerdictName, changes: Partial<Verdict> = {}): Verdict {
  const scenario = changes.scenario ?? 'some'
  const plan = createPlainPlan({ kind: 'garbage', at: 1, data: HOSTILE })
  const counterexample = {
    schema: 1 as const,
    ...{ runtime: 'any', version: '1.0.0', scenario, invariant: 'loud', transport: 'fetch' as const },
    violations: [{ at: 0, message: `found ${HOSTILE}`, cause: HOSTILE }],
    ends: [`c0.t0 failed with ${HOSTILE}`],
    plan,
  }
  const subject = { runtime: 'any', version: '1.0.0', scenario, mode: 'on' }
  const broken = ['violated', 'known', 'flaky'].includes(name)
  return {
    ...buildVerdict(
      subject,
      createNoWordInvariant('loud', 'loud'),
      { verdict: 'holds', plans: 3, witnesses: 7 },
      undefined,
    ),
    verdict: name,
    ...(broken ? { counterexample, cause: 'too loud' } : {}),
    ...(name === 'unexercised' ? { witnesses: 0 } : {}),
    ...(['holds', 'violated', 'flaky'].includes(name) ? {} : { reason: `because ${HOSTILE}` }),
    ...changes,
  }
}

function report(
  verdicts: Verdict[],
  changes: Partial<RunReport> & Partial<CaseResult> = {},
  options: ReportOptions = {},
): string {
  const { faults = [], stale = [], leftOut = [], notes = [], isolation = 'namespace' } = changes
  const results = [{ runtime: 'any', scenario: 'some', verdicts, stale, leftOut, notes }]
  const text = formatReport(
    { seed: 5, runs: 3, transport: 'fetch', isolation, results, faults },
    new Map(verdicts.map((one) => [one, 'conform replay out/file.json'])),
    options,
  )
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours of a terminal
  return text.replace(/\u001b\[\d+m/g, '')
}

const last = (text: string) => text.trimEnd().split('\n').at(-1)

describe('terminalReport', () => {
  it('shows hostile text of a plan, a violation, a reason or a fault as data', () => {
    const names = ['violated', 'known', 'flaky', 'missing', 'harness-error', 'not-applicable'] as const
    const stale = [{ runtime: 'any', scenario: 'some', invariant: 'loud', plan: 'a.json', reason: HOSTILE }]
    const text = report(
      names.map((name) => verdict(name, { runtime: `any${HOSTILE}`, scenario: `some${HOSTILE}` })),
      { faults: [`lost ${HOSTILE}`], stale },
    )
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not come through
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
    expect(text).not.toMatch(/^fine/m)
    expect(text.match(/\\u001b\[2J\\u202e\\r\\nfine/g)?.length).toBeGreaterThanOrEqual(6)
  })

  it('tells a violation by what is promised, where from, the smallest plan and what replays it', () => {
    const text = report([verdict('violated'), verdict('violated', { scenario: 'recordings/b' })])
    for (const line of [
      /^✗ loud \(must\) on any 1\.0\.0, in some$/m,
      /^ {4}cause: {5}too loud$/m,
      /^ {4}found: {5}found \\u001b/m,
      /^ {4}rule: {6}A statement\.$/m,
      /^ {4}source: {4}A source\.$/m,
      /^ {6}conversation 0 \(history\)$/m,
      /^ {6}c0\.t0 failed/m,
      /^ {4}run again: conform replay out\/file\.json$/m,
      /^ {4}also in: {3}1 other case: recordings\/b$/m,
    ])
      expect(text).toMatch(line)
  })

  it.each<[string, Verdict[], Partial<RunReport> & Partial<CaseResult>, RegExp]>([
    ['nothing is violated', [verdict('holds')], {}, /^No violations \(/],
    ['all is as expected', [verdict('holds'), verdict('known')], {}, /^No violation fails the run \(/],
    ['a should is broken', [verdict('violated', { level: 'should' })], {}, /^No violation fails the run \(/],
    ['what broke did not come back', [verdict('flaky')], {}, /^No violation fails the run \(/],
    ['a must is broken', [verdict('violated'), verdict('violated')], {}, /^2 violations \(/],
    ['something was not reached', [verdict('missing')], {}, /^1 unfinished check \(/],
    ['the harness failed', [verdict('holds')], { faults: ['lost'] }, /^1 fault of the harness \(/],
    ['no plan put a rule to the test', [verdict('unexercised')], {}, /^No violations \(/],
    ['there is nothing', [], {}, /^Nothing was checked \(/],
  ])('says in its last line where %s', (_, verdicts, changes, line) => {
    expect(last(report(verdicts, changes))).toMatch(line)
    expect(last(report(verdicts, changes))).toMatch(/seed 5, 3 plans per scenario, transport fetch/)
  })

  it('names the rules that no case put to the test, and counts the others', () => {
    const never = verdict('unexercised', { invariant: 'never' })
    const partly = ['a', 'b'].map((id) =>
      verdict(id === 'a' ? 'unexercised' : 'holds', { scenario: `recordings/${id}` }),
    )
    const text = report([never, ...partly])
    expect(text).toMatch(/^No violations\. 1 check holds, 2 checks not exercised\.$/m)
    expect(text).toMatch(/^ {2}○ never on any \(1 case\)\n {2}1 rule was put to the test by some cases/m)
    expect(report([verdict('holds')])).not.toContain('xercised')
  })

  it('lists the witnesses of each rule where it is asked for', () => {
    const causes = ['one', 'other'].map((cause) => verdict('violated', { cause, scenario: 'recordings/a' }))
    const text = report(
      [...causes, verdict('unexercised', { scenario: 'recordings/b' })],
      {},
      { isVerbose: true },
    )
    expect(text).toMatch(/^ {2}✓ loud on any: 7 witnesses in 1 case, none in 1 case \(recordings\/b\)$/m)
    expect(text).not.toContain('put to the test by some cases')
  })

  it('tells a reason once, with all rules, causes and cases that it explains', () => {
    const known = ['one', 'other', 'one'].map((cause, at) =>
      verdict('known', { cause, scenario: `recordings/${at}`, reason: 'it leaks' }),
    )
    const text = report([...known, verdict('known', { reason: 'it is late' })])
    expect(text).toMatch(
      /^ {2}k loud on any, with 2 causes in 3 cases\n {6}it leaks\n {2}k loud on any, in 1 case$/m,
    )
    expect(text.match(/it leaks/g)).toHaveLength(1)
  })

  it('counts the cases of a scenario in one row', () => {
    const cases = ['a', 'b'].map((id) => verdict('holds', { scenario: `recordings/${id}` }))
    expect(report([...cases, verdict('violated')])).toMatch(/^recordings \(2 cases\) +✓ 2$\n^some +✗ 1$/m)
  })
})
