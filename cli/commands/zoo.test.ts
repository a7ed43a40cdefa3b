import { describe, expect, it } from 'vitest'
import { createPlainPlan } from '../../harness/testing/plans.ts'
import { formatExploredRow, formatRows } from './zoo.ts'

const TITLE = '\u001b]0;title\u0007'
const runtime = `mine${TITLE}`
const row = {
  seed: `seed${TITLE}`,
  version: `1.0.0${TITLE}`,
  scenario: 'sessions',
  plan: createPlainPlan(),
  file: 'plan.json',
  invariant: 'calls-answered',
  colour: 'red' as const,
  others: [],
  link: `https://example.invalid/${TITLE}`,
}
const housed = { runtime, subject: { name: 'mine', folder: '/mine' }, row }

describe('text of a file or a runtime cannot command a terminal', () => {
  it('in the lines about rows', () => {
    const text = formatRows([{ ...housed, result: 'changed', violated: [], reason: `why${TITLE}` }], [TITLE])
    expect(text).not.toContain('\u001b]')
    expect(text).not.toContain('\u0007')
    expect(text).toContain('https://example.invalid/\\u001b]0;title\\u0007')
  })

  it('in the line about an explored row', () => {
    const verdict = { verdict: 'harness-error' as const, plans: 1, reason: TITLE }
    const text = formatExploredRow({ ...housed, good: `2.0.0${TITLE}`, seed: 1, verdict })
    expect(text).not.toContain('\u001b]')
    expect(text).not.toContain('\u0007')
    expect(text).toContain('2.0.0\\u001b]0;title')
  })
})
