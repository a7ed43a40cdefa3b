import pc from 'picocolors'
import { invariants } from '../harness/invariants/index.ts'
import type { Verdict, VerdictName } from '../harness/verdict.ts'
import { printable } from '../mocks/printable.ts'
import { type RunReport, verdictsOf } from './run-report.ts'

const signs: Record<VerdictName, string> = {
  holds: pc.green('✓'),
  violated: pc.red('✗'),
  known: pc.yellow('k'),
  flaky: pc.yellow('~'),
  'not-applicable': pc.dim('·'),
  missing: pc.yellow('?'),
  'harness-error': pc.magenta('!'),
}

const NAME_WIDTH = 58

/** The report for a person: a table of recording by runtime, then what broke, what was left out, and one line that sums it up. */
export function terminalReport(report: RunReport): string {
  const sections = [
    legend(),
    table(report),
    violations(report),
    notApplicable(report),
    report.faults.map((fault) => pc.magenta(`! ${printable(fault, 400)}`)).join('\n'),
    summary(report),
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

function legend(): string {
  const columns = invariants.map(({ id, level }, index) => `  ${index + 1}  ${id} ${pc.dim(`(${level})`)}`)
  return [pc.bold('Invariants, left to right'), ...columns].join('\n')
}

function table(report: RunReport): string {
  const names = report.runtimes.map(({ name, version }) => `${name} ${version}`)
  const width = Math.max(...names.map((name) => name.length), invariants.length * 2) + 3
  const head = pc.bold(`${'recording'.padEnd(NAME_WIDTH)}${names.map((name) => name.padEnd(width)).join('')}`)
  const byCell = new Map<string, Map<string, Verdict>>()
  for (const verdict of verdictsOf(report)) {
    const cell = `${verdict.scenario}\n${verdict.runtime}`
    byCell.set(cell, (byCell.get(cell) ?? new Map()).set(verdict.invariant, verdict))
  }
  const recordings = [...new Set(report.results.map(({ recording }) => recording))]
  const rows = recordings.map((recording) => {
    const cells = report.runtimes.map(({ name }) => {
      const verdicts = byCell.get(`recordings/${recording}\n${name}`)
      const shown = invariants.map(({ id }) => signs[verdicts?.get(id)?.verdict ?? 'missing'])
      return shown.join(' ') + ' '.repeat(width - invariants.length * 2 + 1)
    })
    return shortened(recording).padEnd(NAME_WIDTH) + cells.join('')
  })
  return [head, ...rows].join('\n')
}

/** A long id keeps its head and its tail: both tell recordings apart. */
function shortened(id: string): string {
  const room = NAME_WIDTH - 2
  return id.length <= room ? id : `${id.slice(0, room - 19)}…${id.slice(-18)}`
}

function violations(report: RunReport): string {
  const broken = verdictsOf(report).filter(({ verdict }) => verdict === 'violated')
  const groups = Map.groupBy(
    broken,
    (verdict) => `${verdict.runtime} ${verdict.version}\n${verdict.invariant}`,
  )
  return [...groups.values()]
    .map((group) => {
      const first = group[0] as Verdict
      const places = group.map(({ scenario, violation }) =>
        [
          `    ${printable(scenario)} ${pc.dim(`(${violation?.plan}, history event ${violation?.at})`)}`,
          `      ${printable(violation?.message ?? '', 300)}`,
          ...(violation?.ends ?? []).map((end) => pc.dim(`      ${printable(end, 160)}`)),
        ].join('\n'),
      )
      return [
        pc.red(
          `✗ ${first.invariant} on ${first.runtime} ${first.version}, ${count(group.length, 'recording')}`,
        ),
        `    ${first.statement}`,
        pc.dim(`    ${first.source}`),
        ...places,
      ].join('\n')
    })
    .join('\n\n')
}

/** Recordings that a runtime could not be led through, by reason. */
function notApplicable(report: RunReport): string {
  const left = verdictsOf(report).filter(
    ({ verdict, reason }) => reason !== undefined && verdict !== 'holds' && verdict !== 'violated',
  )
  if (left.length === 0) return ''
  const byReason = Map.groupBy(
    left,
    ({ verdict, reason }) => `${signs[verdict]} ${verdict}: ${printable(reason ?? '', 300)}`,
  )
  const lines = [...byReason].map(([reason, verdicts]) => {
    const recordings = new Set(verdicts.map(({ scenario }) => scenario.replace(/^recordings\//, '')))
    const [first = ''] = recordings
    const which =
      recordings.size === 1 ? printable(first) : `${recordings.size} recordings, ${printable(first)} first`
    return `  ${reason} ${pc.dim(`(${which})`)}`
  })
  return [pc.bold('Not judged, and why'), ...lines].join('\n')
}

function summary(report: RunReport): string {
  const verdicts = verdictsOf(report)
  const of = (name: VerdictName) => verdicts.filter(({ verdict }) => verdict === name).length
  const recordings = new Set(report.results.map(({ recording }) => recording)).size
  const parts = (Object.keys(signs) as VerdictName[])
    .filter((name) => of(name) > 0)
    .map((name) => `${signs[name]} ${of(name)} ${name}`)
  return `${count(recordings, 'recording')} on ${count(report.runtimes.length, 'runtime')} over ${report.transport}: ${parts.join(', ')}`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
