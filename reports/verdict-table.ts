import pc from 'picocolors'
import type { Verdict, VerdictName } from '../harness/explore/verdict.ts'
import { toPrintable } from '../mocks/printable.ts'
import { listRuntimes, listVerdicts, type RunReport } from './run-report.ts'
import { signs, verdictNames } from './verdict-signs.ts'

/** Returns a table of how many checks of each scenario came to each verdict, one column per runtime, and its legend. */
export function formatTable(report: RunReport): string {
  const runtimes = listRuntimes(report)
  const verdicts = listVerdicts(report)
  const rows = Map.groupBy(verdicts, ({ scenario }) => scenario.split('/')[0] ?? scenario)
  const cells = [...rows].map(([scenario, inScenario]) => {
    const cases = new Set(inScenario.map((verdict) => verdict.scenario)).size
    const name = cases > 1 ? `${toPrintable(scenario)} (${cases} cases)` : toPrintable(scenario)
    return [name, ...runtimes.map((runtime) => formatCell(inScenario.filter((one) => isOn(one, runtime))))]
  })
  const head = ['scenario', ...runtimes.map(({ name, version }) => toPrintable(`${name} ${version}`.trim()))]
  const widths = head.map((_, column) =>
    Math.max(...[head, ...cells].map((row) => removeColours(row[column] ?? '').length)),
  )
  const formatLine = (row: readonly string[]) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - removeColours(cell).length))
      .join('   ')
  const lines = [pc.bold(formatLine(head)), ...cells.map(formatLine)]
  return [...lines, '', formatLegend(verdicts)].join('\n').replace(/ +$/gm, '')
}

function isOn({ runtime, version }: Verdict, on: { name: string; version: string }): boolean {
  return runtime === on.name && (version === on.version || version === '')
}

function formatCell(verdicts: readonly Verdict[]): string {
  return countVerdicts(verdicts)
    .map(([name, count]) => `${signs[name].sign} ${count}`)
    .join('  ')
}

/** Explains the signs that occur in the table. */
function formatLegend(verdicts: readonly Verdict[]): string {
  return countVerdicts(verdicts)
    .map(([name]) => `${signs[name].sign} ${signs[name].meaning}`)
    .join('   ')
}

/** Counts verdicts by name. Names that do not occur are left out. */
export function countVerdicts(verdicts: readonly Verdict[]): [VerdictName, number][] {
  return verdictNames
    .map((name): [VerdictName, number] => [name, verdicts.filter(({ verdict }) => verdict === name).length])
    .filter(([, count]) => count > 0)
}

function removeColours(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours that picocolors puts in
  return text.replace(/\u001b\[\d+m/g, '')
}
