import pc from 'picocolors'
import type { VerdictName } from '../harness/explore/verdict.ts'

/** The sign of each verdict in a table, and the words that explain the sign below the table. */
export const signs: Record<VerdictName, { sign: string; meaning: string }> = {
  holds: { sign: pc.green('✓'), meaning: 'holds' },
  unexercised: { sign: pc.yellow('○'), meaning: 'not exercised: no plan put the rule to the test' },
  violated: { sign: pc.red('✗'), meaning: 'violated' },
  known: { sign: pc.yellow('k'), meaning: 'violated, and listed in known.yaml' },
  flaky: { sign: pc.yellow('~'), meaning: 'violated once, but not when its plan ran again' },
  'not-applicable': { sign: pc.dim('·'), meaning: 'skipped' },
  missing: { sign: pc.yellow('?'), meaning: 'not finished' },
  'harness-error': { sign: pc.magenta('!'), meaning: 'failed in the harness or the adapter' },
}

export const verdictNames = Object.keys(signs) as VerdictName[]
