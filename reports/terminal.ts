import pc from 'picocolors'
import { isDecisive, type Verdict, type VerdictName } from '../harness/explore/verdict.ts'
import type { Isolation } from '../harness/isolation/launch.ts'
import type { Counterexample } from '../harness/known/counterexample.ts'
import { printable } from '../mocks/printable.ts'
import { counted } from './counted.ts'
import { planScript } from './plan-script.ts'
import { notesOf, type RunReport, runtimesOf, staleOf, verdictsOf } from './run-report.ts'
import { timelineLines } from './timeline.ts'

const signs: Record<VerdictName, string> = {
  holds: pc.green('✓'),
  violated: pc.red('✗'),
  known: pc.yellow('k'),
  flaky: pc.yellow('~'),
  'not-applicable': pc.dim('·'),
  missing: pc.yellow('?'),
  'harness-error': pc.magenta('!'),
}

/** Of a terminal that does not tell its own. */
const WIDTH = 120

/** Where a violation's counterexample was written, by its verdict. */
export type Files = ReadonlyMap<Verdict, string>

/** The report for a person: runtime by scenario, then each violation with its smallest counterexample, then one line. */
export function terminalReport(report: RunReport, files: Files, width = WIDTH): string {
  const broken = verdictsOf(report).filter(({ verdict }) => verdict === 'violated' || verdict === 'flaky')
  const known = verdictsOf(report).filter(({ verdict }) => verdict === 'known')
  const sections = [
    table(report),
    ...groups(broken).map((group) => violation(group, files, width)),
    knownLines(known),
    staleLines(report),
    unjudged(report),
    noteLines(report),
    report.faults.map((fault) => pc.magenta(`! ${printable(fault, 400)}`)).join('\n'),
    summary(report),
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

/** Counts of verdicts, scenario by runtime; the cases of one scenario in one row. */
function table(report: RunReport): string {
  const runtimes = runtimesOf(report)
  const rows = Map.groupBy(verdictsOf(report), ({ scenario }) => scenario.split('/')[0] ?? scenario)
  const cells = [...rows].map(([scenario, verdicts]) => {
    const cases = new Set(verdicts.map((verdict) => verdict.scenario)).size
    const name = cases > 1 ? `${printable(scenario)} (${cases})` : printable(scenario)
    return [name, ...runtimes.map((runtime) => counts(verdicts.filter((one) => isOn(one, runtime))))]
  })
  const head = ['scenario', ...runtimes.map(({ name, version }) => printable(`${name} ${version}`.trim()))]
  const widths = head.map((_, column) =>
    Math.max(...[head, ...cells].map((row) => plain(row[column] ?? '').length)),
  )
  const line = (row: readonly string[]) =>
    row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - plain(cell).length)).join('   ')
  return [pc.bold(line(head)), ...cells.map(line)].join('\n').replace(/ +$/gm, '')
}

function isOn({ runtime, version }: Verdict, on: { name: string; version: string }): boolean {
  return runtime === on.name && (version === on.version || version === '')
}

function counts(verdicts: readonly Verdict[]): string {
  return (Object.keys(signs) as VerdictName[])
    .map((name) => [signs[name], verdicts.filter(({ verdict }) => verdict === name).length] as const)
    .filter(([, count]) => count > 0)
    .map(([sign, count]) => `${sign} ${count}`)
    .join('  ')
}

function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours that picocolors puts in
  return text.replace(/\u001b\[\d+m/g, '')
}

/** Verdicts of one invariant on one runtime belong together: often one cause breaks it in many cases. */
function groups(verdicts: readonly Verdict[]): Verdict[][] {
  return [
    ...Map.groupBy(
      verdicts,
      ({ runtime, version, invariant }) => `${runtime}\n${version}\n${invariant}`,
    ).values(),
  ]
}

function violation(group: readonly Verdict[], files: Files, width: number): string {
  const smallest = group.toSorted((a, b) => sizeOf(a) - sizeOf(b))[0] as Verdict
  const { runtime, version, invariant, level, statement, source, counterexample, verdict } = smallest
  const others = group.filter((one) => one !== smallest)
  const sign = level === 'must' ? pc.red('✗') : pc.yellow('✗')
  const flaky = verdict === 'flaky' ? ', flaky: its plan does not violate when it is run again alone' : ''
  const head = `${sign} ${pc.bold(invariant)} (${level}) on ${printable(`${runtime} ${version}`)}, in ${printable(smallest.scenario)}${flaky}`
  const lines = counterexample
    ? [
        `    ${printable(counterexample.violations[0]?.message ?? '', 300)}`,
        ...planScript(counterexample.plan).map((line) => pc.dim(`      ${line}`)),
        ...timelineOf(counterexample, width),
        ...counterexample.ends.map((end) => pc.dim(`      ended: ${printable(end, 200)}`)),
      ]
    : []
  const file = files.get(smallest)
  const again = file === undefined ? [] : [`    again: conform replay ${file}`]
  const also =
    others.length === 0
      ? []
      : [
          `    also in ${others.length} more: ${printable(others.map(({ scenario }) => scenario).join(', '), 200)}`,
        ]
  return [head, `    ${statement}`, pc.dim(`    ${source}`), ...lines, ...again, ...also].join('\n')
}

/** What happened around the violation; nothing where an older file does not tell. */
function timelineOf({ timeline = [] }: Counterexample, width: number): string[] {
  const lines = timelineLines(timeline, width - 6)
  const told = lines.map((line, index) => {
    const broken = timeline[index - (lines.length - timeline.length)]?.broken
    return `      ${broken ? pc.red(line) : pc.dim(line)}`
  })
  return told.length === 0 ? [] : ['    around it, with the steps of delivery (▶ where it was seen)', ...told]
}

function sizeOf({ counterexample }: Verdict): number {
  return counterexample ? JSON.stringify(counterexample.plan).length : 0
}

function knownLines(known: readonly Verdict[]): string {
  return groups(known)
    .map((group) => {
      const { runtime, invariant, reason = '' } = group[0] as Verdict
      return `${signs.known} ${invariant} on ${printable(runtime)}, known in ${cases(group)}\n${pc.dim(`    ${printable(reason, 400)}`)}`
    })
    .join('\n')
}

function cases(verdicts: readonly Verdict[]): string {
  return counted(new Set(verdicts.map(({ scenario }) => scenario)).size, 'case')
}

function staleLines(report: RunReport): string {
  return staleOf(report)
    .map(
      ({ runtime, scenario, invariant, plan, reason }) =>
        `${pc.red('✗')} stale: ${printable(`known.yaml of ${runtime}, ${invariant} in ${scenario} (${plan}): ${reason}`, 600)}`,
    )
    .join('\n')
}

/** So many reasons why something does not apply are told; what went wrong is told whole. */
const MOST_REASONS = 8

/** What could not be judged, by reason. */
function unjudged(report: RunReport): string {
  const left = verdictsOf(report).filter(({ verdict }) =>
    ['not-applicable', 'missing', 'harness-error'].includes(verdict),
  )
  if (left.length === 0) return ''
  const byReason = Map.groupBy(
    left,
    ({ verdict, reason = '' }) => `${signs[verdict]} ${verdict}: ${printable(reason, 300)}`,
  )
  const wrong = [...byReason].filter(([, [first]]) => first?.verdict !== 'not-applicable')
  const idle = [...byReason].filter(([, [first]]) => first?.verdict === 'not-applicable')
  const more = idle.length - MOST_REASONS
  const lines = [...wrong, ...idle.slice(0, MOST_REASONS)].map(([reason, verdicts]) => {
    const [first] = verdicts as [Verdict]
    const of = new Set(verdicts.map(({ invariant }) => invariant)).size
    const what = of === 1 ? first.invariant : counted(of, 'invariant')
    return `  ${reason} ${pc.dim(`(${what}, ${cases(verdicts)}, ${printable(first.scenario)} first)`)}`
  })
  const rest =
    more > 0 ? [`  ${signs['not-applicable']} and ${counted(more, 'reason')} more, as --json tells`] : []
  return [pc.bold('Not judged, and why'), ...lines, ...rest].join('\n')
}

/** What a runtime does to its process that no promise is about. */
function noteLines(report: RunReport): string {
  const lines = notesOf(report).map(({ runtime, note }) => `  ${printable(runtime)}: ${printable(note, 300)}`)
  return lines.length === 0 ? '' : [pc.bold('To know of a runtime'), ...lines].join('\n')
}

/** Whether something that a process sends elsewhere is stopped by the kernel, or only where a guard sees it. */
const networks: Record<Isolation, string> = {
  namespace: 'no network but loopback',
  network: 'no network but loopback',
  process: 'network watched in the process alone',
}

function summary(report: RunReport): string {
  const verdicts = verdictsOf(report)
  const names = Object.keys(signs) as VerdictName[]
  const parts = names
    .map((name) => [name, verdicts.filter(({ verdict }) => verdict === name).length] as const)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${signs[name]} ${count} ${name}`)
  const bad = verdicts.filter(isDecisive).length + staleOf(report).length + report.faults.length
  const flaky = verdicts.filter(({ verdict }) => verdict === 'flaky').length
  const save = flaky === 0 ? '' : `, save that ${counted(flaky, 'violation')} did not come back`
  const good = verdicts.length === 0 ? pc.red('Nothing was judged') : pc.green(`As expected${save}`)
  const said = bad === 0 ? good : pc.red(`Not as expected: ${counted(bad, 'finding')} above`)
  const how = [
    `seed ${report.seed}`,
    ...(report.runs === undefined ? [] : [`${counted(report.runs, 'plan')} a scenario`]),
    `over ${report.transport}`,
    networks[report.isolation],
    ...(report.against === undefined
      ? []
      : [`against ${report.against}: what that breaks, too, is not counted`]),
  ]
  return `${said}. ${parts.join(', ')} (${how.join(', ')})`
}
