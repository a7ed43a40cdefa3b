import pc from 'picocolors'
import type { Verdict } from '../harness/explore/verdict.ts'
import type { Counterexample } from '../harness/known/counterexample.ts'
import { toPrintable } from '../mocks/printable.ts'
import { countWithNoun } from './count-with-noun.ts'
import { formatPlan } from './plan-script.ts'
import { formatTimeline } from './timeline.ts'
import { signs } from './verdict-signs.ts'

/** The command that runs the counterexample of a verdict again. */
export type ReplayCommands = ReadonlyMap<Verdict, string>

/** The file with the history of a verdict, if one was written. */
export type HistoryFiles = ReadonlyMap<Verdict, string>

/** Groups verdicts by runtime, version, invariant and cause: often one cause breaks an invariant in many cases. */
export function groupByInvariant(verdicts: readonly Verdict[]): Verdict[][] {
  return [
    ...Map.groupBy(verdicts, ({ runtime, version, invariant, cause }) =>
      [runtime, version, invariant, cause].join('\n'),
    ).values(),
  ]
}

/** Returns the lines about one violated invariant on one runtime, shown by the smallest counterexample of the group. */
export function formatViolation(
  group: readonly Verdict[],
  replayCommands: ReplayCommands,
  width: number,
  histories: HistoryFiles = new Map(),
): string {
  const smallest = group.toSorted((a, b) => measurePlan(a) - measurePlan(b))[0] as Verdict
  const { runtime, version, scenario, invariant, level, statement, source, verdict, cause, reason } = smallest
  const others = group.filter((one) => one !== smallest).map((one) => one.scenario)
  const sign = level === 'must' ? signs.violated.sign : pc.yellow('✗')
  const flaky = verdict === 'flaky' ? ' (flaky: not violated when its plan ran again)' : ''
  const history = histories.get(smallest)
  const command = replayCommands.get(smallest)
  const { counterexample } = smallest
  const found = counterexample?.violations[0]?.message
  return [
    `${sign} ${pc.bold(invariant)} (${level}) on ${toPrintable(`${runtime} ${version}`)}, in ${toPrintable(scenario)}${flaky}`,
    ...(found === undefined ? [] : [formatRow('found', toPrintable(found, 300))]),
    ...(cause === undefined ? [] : [formatRow('cause', toPrintable(cause, 200))]),
    ...(reason === undefined ? [] : [formatRow('note', toPrintable(reason, 300))]),
    ...(command === undefined ? [] : [formatRow('run again', command)]),
    ...(history === undefined ? [] : [formatRow('history', history)]),
    formatRow('rule', statement),
    formatRow('source', pc.dim(source)),
    ...(others.length === 0
      ? []
      : [
          formatRow(
            'also in',
            `${countWithNoun(others.length, 'other case')}: ${toPrintable(others.join(', '), 200)}`,
          ),
        ]),
    ...(counterexample ? formatCounterexample(counterexample, width) : []),
  ].join('\n')
}

function formatRow(label: string, text: string): string {
  return `    ${`${label}:`.padEnd(11)}${text}`
}

function formatCounterexample(counterexample: Counterexample, width: number): string[] {
  const { plan, ends } = counterexample
  return [
    '    the smallest plan found:',
    ...formatPlan(plan).map((line) => pc.dim(`      ${line}`)),
    ...formatEvents(counterexample, width),
    ...(ends.length === 0 ? [] : ['    how each run ended:']),
    ...ends.map((end) => pc.dim(`      ${toPrintable(end, 200)}`)),
  ]
}

/** Returns the events around the violation. Returns nothing for an older file without a timeline. */
function formatEvents({ timeline = [] }: Counterexample, width: number): string[] {
  const lines = formatTimeline(timeline, width - 6)
  const shown = lines.map((line, index) => {
    const broken = timeline[index - (lines.length - timeline.length)]?.broken
    return `      ${broken ? pc.red(line) : pc.dim(line)}`
  })
  return shown.length === 0
    ? []
    : ['    events around the violation (the number is the delivery step, ▶ marks the violation):', ...shown]
}

function measurePlan({ counterexample }: Verdict): number {
  return counterexample ? JSON.stringify(counterexample.plan).length : 0
}
