import type { Command } from 'commander'
import pc from 'picocolors'
import { readManifest } from '../../harness/environments/manifest.ts'
import { comparisons, invariants } from '../../harness/invariants/index.ts'
import { subjects, subjectsOnRequest } from '../../harness/vitest/projects.ts'
import { writeJson } from '../json-file.ts'
import { scenarioNamed, scenarioNames } from '../scenarios/chosen.ts'

export function listCommand(program: Command): void {
  program
    .command('list')
    .description('List all runtimes, scenarios, invariants and comparisons.')
    .option('--json <file>', 'write the list as JSON to this file; - for stdout')
    .action(async ({ json }: { json?: string }) => {
      const list = await listed()
      if (json !== undefined) await writeJson(json, { schema: 1, ...list })
      if (json !== '-') process.stdout.write(shown(list))
    })
}

interface ListedRuntime {
  name: string
  /** Of one that is run only where it is named. */
  version?: string
  about?: string
}

type Listed = Awaited<ReturnType<typeof listed>>

async function listed() {
  const scenarios = []
  for (const name of scenarioNames()) {
    const scenario = await scenarioNamed(name)
    const cases = 'cases' in scenario ? Object.keys(scenario.cases ?? {}) : []
    scenarios.push({ name, about: scenario.about, source: scenario.source, cases })
  }
  const promise = ({ id, level, statement, source }: (typeof invariants)[number]) => ({
    id,
    level,
    statement,
    source,
  })
  return {
    runtimes: listedRuntimes(),
    scenarios,
    invariants: invariants.map(promise),
    comparisons: comparisons.map((one) => promise(one as never)),
  }
}

function listedRuntimes(): ListedRuntime[] {
  const onRequest = subjectsOnRequest().map(({ name, folder }) => {
    const { about, version } = readManifest(folder)
    return { name, version, about }
  })
  return [...subjects().map(({ name }) => ({ name })), ...onRequest]
}

function shown({ runtimes, scenarios, invariants, comparisons }: Listed): string {
  const section = (title: string, lines: readonly string[]) =>
    `${pc.bold(title)}\n${lines.map((line) => `  ${line}\n`).join('')}`
  const promise = ({ id, level, statement }: Listed['invariants'][number]) =>
    `${id} ${pc.dim(`(${level})`)} ${statement}`
  return [
    section(
      'Runtimes',
      runtimes.map(({ name, version, about }) =>
        about === undefined ? name : `${name}  ${pc.dim(`${version}, where it is named:`)} ${about}`,
      ),
    ),
    section(
      'Scenarios',
      scenarios.flatMap(({ name, about, cases }) => [
        `${name}  ${about}`,
        ...cases.map((one) => pc.dim(`  ${name}/${one}`)),
      ]),
    ),
    section('Invariants', invariants.map(promise)),
    section('Comparisons', comparisons.map(promise)),
  ].join('\n')
}
