import type { Command } from 'commander'
import pc from 'picocolors'
import { readManifest } from '../../harness/environments/manifest.ts'
import { comparisons, invariants } from '../../harness/invariants/index.ts'
import type { Promised } from '../../harness/invariants/types.ts'
import { listDefaultSubjects, listRequestedSubjects } from '../../harness/vitest/projects.ts'
import { writeJson } from '../json-file.ts'
import { listScenarioNames, loadScenario } from '../scenarios/chosen.ts'

export function addListCommand(program: Command): void {
  program
    .command('list')
    .description('List all runtimes, scenarios, invariants and comparisons.')
    .option('--json <file>', 'write the list as JSON to this file; - for stdout')
    .action(async ({ json }: { json?: string }) => {
      const list = await readList()
      if (json !== undefined) await writeJson(json, { schema: 1, ...list })
      if (json !== '-') process.stdout.write(formatList(list))
    })
}

interface ListedRuntime {
  name: string
  /** Present for runtimes that run only if they are named. */
  version?: string
  about?: string
}

type Listed = Awaited<ReturnType<typeof readList>>

async function readList() {
  const scenarios = []
  for (const name of listScenarioNames()) {
    const scenario = await loadScenario(name)
    const cases = 'cases' in scenario ? Object.keys(scenario.cases ?? {}) : []
    scenarios.push({ name, about: scenario.about, source: scenario.source, cases })
  }
  const select = ({ id, level, statement, source }: Promised) => ({ id, level, statement, source })
  return {
    runtimes: listRuntimes(),
    scenarios,
    invariants: invariants.map(select),
    comparisons: comparisons.map(select),
  }
}

function listRuntimes(): ListedRuntime[] {
  const onRequest = listRequestedSubjects().map(({ name, folder }) => {
    const { about, version } = readManifest(folder)
    return { name, version, about }
  })
  return [...listDefaultSubjects().map(({ name }) => ({ name })), ...onRequest]
}

function formatList({ runtimes, scenarios, invariants, comparisons }: Listed): string {
  const formatPromise = ({ id, level, statement }: Listed['invariants'][number]) => [
    `${id} ${pc.dim(`(${level})`)}`,
    `    ${statement}`,
  ]
  return [
    formatSection(
      'Runtimes, tested by default',
      runtimes.filter(({ version }) => version === undefined).map(({ name }) => name),
    ),
    formatSection(
      'Runtimes, tested only with --runtime NAME',
      runtimes.flatMap(({ name, version, about }) =>
        version === undefined ? [] : [`${name} ${version}`, `    ${about}`],
      ),
    ),
    formatSection(
      'Scenarios, and their named cases',
      scenarios.flatMap(({ name, about, cases }) => [
        name,
        `    ${about}`,
        ...cases.map((one) => pc.dim(`    ${name}/${one}`)),
      ]),
    ),
    formatSection('Invariants, checked on each run of a plan', invariants.flatMap(formatPromise)),
    formatSection('Comparisons, checked on several runs of a plan', comparisons.flatMap(formatPromise)),
    `${pc.dim('A violated must fails the run, a violated should is only reported. "conform explain ID" shows an example.')}\n`,
  ].join('\n')
}

function formatSection(title: string, lines: readonly string[]): string {
  return `${pc.bold(title)}\n${lines.map((line) => `  ${line}\n`).join('')}`
}
