import pc from 'picocolors'
import type { Verdict, VerdictName } from '../harness/explore/verdict.ts'
import type { Isolation } from '../harness/isolation/launch.ts'
import { toPrintable } from '../mocks/printable.ts'
import { countWithNoun } from './count-with-noun.ts'
import { listNotes, listStale, listVerdicts, type RunReport } from './run-report.ts'
import { signs } from './verdict-signs.ts'
import { formatTable } from './verdict-table.ts'
import {
  formatViolation,
  groupByInvariant,
  type HistoryFiles,
  type ReplayCommands,
} from './violation-blocks.ts'
import { formatUnexercised, formatWitnesses } from './witnesses.ts'

/** Columns of a terminal that does not tell its width. */
const DEFAULT_WIDTH = 120

type Section = 'violations' | 'unexercised' | 'unfinished' | 'known' | 'skipped' | 'none'

/** The section of the report that shows a verdict. */
const sectionOfVerdict: Record<VerdictName, Section> = {
  holds: 'none',
  unexercised: 'unexercised',
  violated: 'violations',
  known: 'known',
  flaky: 'violations',
  'not-applicable': 'skipped',
  missing: 'unfinished',
  'harness-error': 'unfinished',
}

export interface ReportOptions {
  /** Columns of the terminal. */
  width?: number | undefined
  /** Whether to list how often each rule was put to the test. */
  isVerbose?: boolean
  /** The files with the histories of violations that did not come back at once. */
  histories?: HistoryFiles
}

/** Returns the report for a person: counts, violations with their counterexamples, what was skipped, and a last line. */
export function formatReport(
  report: RunReport,
  replayCommands: ReplayCommands,
  { width = DEFAULT_WIDTH, isVerbose = false, histories = new Map() }: ReportOptions = {},
): string {
  const verdicts = listVerdicts(report)
  const inSection = (section: Section) =>
    verdicts.filter(({ verdict }) => sectionOfVerdict[verdict] === section)
  const sections = [
    formatCounts(report),
    verdicts.length === 0 ? '' : formatTable(report),
    ...groupByInvariant(inSection('violations')).map((group) =>
      formatViolation(group, replayCommands, width, histories),
    ),
    formatStale(report),
    formatUnfinished(inSection('unfinished')),
    report.faults
      .map((fault) => `${signs['harness-error'].sign} fault outside any check: ${toPrintable(fault, 400)}`)
      .join('\n'),
    formatKnown(inSection('known')),
    isVerbose ? formatWitnesses(verdicts) : formatUnexercised(verdicts),
    formatSkipped(inSection('skipped')),
    formatNotes(report),
    report.partial
      ? pc.yellow('The run was ended early. Cases that were not done by then are missing from this report.')
      : '',
    formatLastLine(report),
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

/** Returns one block for each reason, since one fault of a runtime often breaks several rules with several causes. */
function formatKnown(known: readonly Verdict[]): string {
  if (known.length === 0) return ''
  const groups = Map.groupBy(known, ({ runtime, version, reason }) => [runtime, version, reason].join('\n'))
  const lines = [...groups.values()].map((group) => {
    const { runtime, reason = '' } = group[0] as Verdict
    const invariants = [...new Set(group.map(({ invariant }) => invariant))].join(', ')
    const head = `  ${signs.known.sign} ${invariants} on ${toPrintable(runtime)}, ${countCauses(group)}in ${countCases(group)}`
    return `${head}\n${pc.dim(`      ${toPrintable(reason, 400)}`)}`
  })
  return [pc.bold('Known violations, with the reason from known.yaml'), ...lines].join('\n')
}

/** Says how many causes there are, if there is more than one. */
function countCauses(verdicts: readonly Verdict[]): string {
  const causes = new Set(verdicts.map(({ invariant, cause }) => `${invariant}\n${cause}`)).size
  return causes > 1 ? `with ${causes} causes ` : ''
}

function countCases(verdicts: readonly Verdict[]): string {
  return countWithNoun(new Set(verdicts.map(({ scenario }) => scenario)).size, 'case')
}

function formatStale(report: RunReport): string {
  return listStale(report)
    .map(({ runtime, scenario, invariant, plan, reason }) => {
      const entry = `known.yaml of ${runtime}, ${invariant} in ${scenario} (${plan}): ${reason}`
      return `${signs.violated.sign} stale entry: ${toPrintable(entry, 600)}. Remove or update the entry.`
    })
    .join('\n')
}

/** Returns what did not come to a verdict, grouped by reason. */
function formatUnfinished(unfinished: readonly Verdict[]): string {
  return groupByReason(unfinished)
    .map((group) => {
      const [{ verdict, reason = '' }] = group as [Verdict]
      const what =
        verdict === 'missing' ? 'did not finish' : 'failed in the harness or the adapter, not in the runtime'
      const head = `${signs[verdict].sign} ${countWithNoun(group.length, 'check')} ${what}`
      return `${head}: ${toPrintable(reason, 300)} ${pc.dim(formatPlaces(group))}`
    })
    .join('\n')
}

/** Reasons for skipped checks that the report shows. The JSON report holds all of them. */
const MOST_REASONS = 8

function formatSkipped(skipped: readonly Verdict[]): string {
  const groups = groupByReason(skipped)
  if (groups.length === 0) return ''
  const lines = groups.slice(0, MOST_REASONS).map((group) => {
    const [{ reason = '' }] = group as [Verdict]
    const head = `${countWithNoun(group.length, 'check')} ${group.length === 1 ? 'was' : 'were'} skipped`
    return `  ${head} because ${toPrintable(reason, 300)} ${pc.dim(formatPlaces(group))}`
  })
  const more = groups.length - lines.length
  const rest = more > 0 ? [`  ${countWithNoun(more, 'further reason')}: see the report of --json FILE`] : []
  return [pc.bold('Skipped'), ...lines, ...rest].join('\n')
}

function groupByReason(verdicts: readonly Verdict[]): Verdict[][] {
  return [...Map.groupBy(verdicts, ({ verdict, reason }) => `${verdict}\n${reason}`).values()]
}

/** Says which invariant, or how many, and in which case, or in how many. */
function formatPlaces(verdicts: readonly Verdict[]): string {
  const [first] = verdicts as [Verdict]
  const invariants = new Set(verdicts.map(({ invariant }) => invariant)).size
  const cases = new Set(verdicts.map(({ scenario }) => scenario)).size
  const what = invariants === 1 ? first.invariant : countWithNoun(invariants, 'invariant')
  const where = cases === 1 ? toPrintable(first.scenario) : countCases(verdicts)
  const example = cases === 1 ? '' : `, for example ${toPrintable(first.scenario)}`
  return `(${what} in ${where}${example})`
}

/** Returns what a runtime does to its process that no invariant is about. */
function formatNotes(report: RunReport): string {
  const lines = listNotes(report).map(
    ({ runtime, note }) => `  ${toPrintable(runtime)}: ${toPrintable(note, 300)}`,
  )
  return lines.length === 0 ? '' : [pc.bold('Notes on runtimes'), ...lines].join('\n')
}

/** Who blocks traffic to other machines: the kernel, or guards inside the process. */
const networks: Record<Isolation, string> = {
  namespace: 'no network but loopback',
  network: 'no network but loopback',
  process: 'network guarded inside the process only',
}

/** Returns the last line: whether the run failed, and with which settings the same checks run again. */
function formatLastLine(report: RunReport): string {
  const settings = [
    `seed ${report.seed}`,
    ...(report.runs === undefined ? [] : [`${countWithNoun(report.runs, 'plan')} per scenario`]),
    `transport ${report.transport}`,
    networks[report.isolation],
    ...(report.against === undefined
      ? []
      : [`only what ${report.against} does not violate as well is counted`]),
  ]
  return `${formatResult(report)} (${settings.join(', ')})`
}

/** Returns the first line: whether the run failed, and how many checks came to each verdict. */
function formatCounts(report: RunReport): string {
  const verdicts = listVerdicts(report)
  if (verdicts.length === 0) return ''
  const count = createCounter(verdicts)
  const holds = count('holds')
  const others = joinCounts([
    [count('violated', 'should'), 'violation of a should', 'violations of a should'],
    [count('flaky'), 'flaky violation'],
    [count('known'), 'known violation'],
    [count('unexercised'), 'check not exercised', 'checks not exercised'],
    [count('not-applicable'), 'skipped check'],
  ])
  const rest = others === '' ? '' : `, ${others}`
  return `${formatResult(report)}. ${countWithNoun(holds, 'check')} ${holds === 1 ? 'holds' : 'hold'}${rest}.`
}

function formatResult(report: RunReport): string {
  const verdicts = listVerdicts(report)
  const count = createCounter(verdicts)
  const failures = joinCounts([
    [count('violated', 'must'), 'violation'],
    [listStale(report).length, 'stale entry', 'stale entries'],
    [count('missing'), 'unfinished check'],
    [count('harness-error') + report.faults.length, 'fault of the harness', 'faults of the harness'],
  ])
  if (failures !== '') return pc.red(failures)
  if (verdicts.length === 0) return pc.red('Nothing was checked')
  const isTolerated = count('violated') + count('flaky') + count('known') > 0
  return pc.green(isTolerated ? 'No violation fails the run' : 'No violations')
}

function createCounter(verdicts: readonly Verdict[]) {
  return (name: VerdictName, level?: Verdict['level']) =>
    verdicts.filter((one) => one.verdict === name && (level === undefined || one.level === level)).length
}

/** Joins counts with their nouns. Counts of zero are left out. */
function joinCounts(counts: readonly [number: number, noun: string, plural?: string][]): string {
  return counts
    .flatMap(([number, noun, plural]) => (number === 0 ? [] : [countWithNoun(number, noun, plural)]))
    .join(', ')
}
