import { judgeZooRow, readZooRows, type ZooResult, type ZooRow } from '../../harness/known/zoo.ts'
import { listDefaultSubjects, listRequestedSubjects } from '../../harness/vitest/projects.ts'
import type { Subject } from '../../harness/vitest/settings.ts'
import { toPrintable } from '../../mocks/printable.ts'
import { UsageError } from '../exit-codes.ts'
import { chooseScenarioFile, chooseSubjects, selectVersion } from './chosen.ts'
import { prepareSubject } from './prepared.ts'
import { runScenarios } from './run-scenarios.ts'
import { addBeside } from './with-packages.ts'

/** A row with its runtime at the version of the row. */
export interface RuntimeRow {
  /** The runtime's name, without a version. */
  runtime: string
  subject: Subject
  row: ZooRow
}

/** Returns the rows of the given runtimes, or of all runtimes. `asked` selects rows by SEED or SEED@VERSION. */
export function chooseRows(runtimes: readonly string[], asked: readonly string[]): RuntimeRow[] {
  const folders =
    runtimes.length === 0
      ? [...listDefaultSubjects(), ...listRequestedSubjects()]
      : chooseSubjects(runtimes).subjects
  const all = folders.flatMap((subject) =>
    readZooRows(subject.folder).map((row) => ({
      runtime: subject.name,
      subject: addBeside(selectVersion(subject, row.version), row.version, row.beside),
      row,
    })),
  )
  const names = new Set(all.flatMap(({ row: { seed, version } }) => [seed, `${seed}@${version}`]))
  const expected = [...names].map((name) => toPrintable(name)).join(', ')
  for (const one of asked)
    if (!names.has(one))
      throw new UsageError(`--row: found "${toPrintable(one)}", expected one of ${expected}`)
  const isAsked = ({ seed, version }: ZooRow) => asked.includes(seed) || asked.includes(`${seed}@${version}`)
  return asked.length === 0 ? all : all.filter(({ row }) => isAsked(row))
}

/** Runs the plan of each row on the version of the row. */
export async function runRows(
  rows: readonly RuntimeRow[],
  progress: (plans: number, cases: number) => void,
): Promise<{ results: ZooResult[]; faults: string[] }> {
  const ready: Subject[] = []
  // One after the other, because rows of one version share an environment.
  for (const [index, { subject, row }] of rows.entries()) {
    const { scenario, plan } = row
    const name = `${subject.name} (row ${index})`
    ready.push({ ...(await prepareSubject(subject)), name, replay: { scenario, plan } })
  }
  const { results, faults } = await runScenarios({
    subjects: ready,
    scenarios: [chooseScenarioFile('regressions')],
    settings: { seed: 0, runs: 1 },
    progress,
  })
  const judged = rows.map(({ row }, index) => {
    const { name } = ready[index] as Subject
    const verdicts = results.filter(({ runtime }) => runtime === name).flatMap((one) => one.verdicts)
    return judgeZooRow(row, verdicts)
  })
  return { results: judged, faults }
}
