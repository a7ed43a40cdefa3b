import pc from 'picocolors'
import type { Verdict } from '../harness/explore/verdict.ts'
import { toPrintable } from '../mocks/printable.ts'
import { countWithNoun } from './count-with-noun.ts'
import { signs } from './verdict-signs.ts'

/** How often the cases of one runtime put one rule to the test. */
interface Exercise {
  runtime: string
  invariant: string
  witnesses: number
  /** The cases with at least one witness, and the cases without any. */
  exercised: string[]
  unexercised: string[]
}

/** Returns the exercise of each rule on each runtime. Cases that gave no verdict on the rule are left out. */
function listExercise(verdicts: readonly Verdict[]): Exercise[] {
  const groups = Map.groupBy(verdicts.filter(wasChecked), ({ runtime, version, invariant }) =>
    [runtime, version, invariant].join('\n'),
  )
  return [...groups.values()].map((group) => {
    const [{ runtime, invariant }] = group as [Verdict]
    // A rule that is broken with several causes has several verdicts in one case.
    const ofCases = new Map(group.map(({ scenario, witnesses }) => [scenario, witnesses]))
    const exercised = [...ofCases].filter(([, count]) => count > 0).map(([scenario]) => scenario)
    const unexercised = [...ofCases].filter(([, count]) => count === 0).map(([scenario]) => scenario)
    const witnesses = [...ofCases.values()].reduce((sum, count) => sum + count, 0)
    return { runtime, invariant, witnesses, exercised, unexercised }
  })
}

function wasChecked({ verdict, witnesses }: Verdict): boolean {
  return witnesses > 0 || verdict === 'unexercised'
}

/** Returns the rules that no case put to the test, and how many rules were not put to the test in some cases. */
export function formatUnexercised(verdicts: readonly Verdict[]): string {
  const all = listExercise(verdicts)
  const never = all.filter(({ exercised }) => exercised.length === 0)
  const partly = all.filter(({ exercised, unexercised }) => exercised.length > 0 && unexercised.length > 0)
  const lines = never.map(
    ({ runtime, invariant, unexercised }) =>
      `  ${signs.unexercised.sign} ${invariant} on ${toPrintable(runtime)} ${pc.dim(`(${countWithNoun(unexercised.length, 'case')})`)}`,
  )
  const rest =
    partly.length === 0
      ? []
      : [
          `  ${countWithNoun(partly.length, 'rule')} ${partly.length === 1 ? 'was' : 'were'} put to the test by some cases and not by others: see --verbose`,
        ]
  return lines.length + rest.length === 0
    ? ''
    : [pc.bold('Not exercised: no plan put the rule to the test'), ...lines, ...rest].join('\n')
}

/** Maximum number of cases that a line names. */
const MOST_CASES = 3

/** Returns how often each rule was put to the test, one line for each rule and runtime. */
export function formatWitnesses(verdicts: readonly Verdict[]): string {
  const lines = listExercise(verdicts).map(({ runtime, invariant, witnesses, exercised, unexercised }) => {
    const { sign } = witnesses === 0 ? signs.unexercised : signs.holds
    const where = `${countWithNoun(witnesses, 'witness', 'witnesses')} in ${countWithNoun(exercised.length, 'case')}`
    const named = unexercised.slice(0, MOST_CASES).map((scenario) => toPrintable(scenario))
    const more = unexercised.length > MOST_CASES ? ', …' : ''
    const lacking =
      unexercised.length === 0
        ? ''
        : `, none in ${countWithNoun(unexercised.length, 'case')} (${named.join(', ')}${more})`
    return `  ${sign} ${invariant} on ${toPrintable(runtime)}: ${where}${pc.dim(lacking)}`
  })
  if (lines.length === 0) return ''
  return [pc.bold('Witnesses: how often plans put each rule to the test'), ...lines].join('\n')
}
