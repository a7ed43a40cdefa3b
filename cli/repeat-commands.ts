import { basename, relative } from 'node:path'
import pc from 'picocolors'
import type { Verdict } from '../harness/explore/verdict.ts'
import { listDefaultSubjects, listRequestedSubjects } from '../harness/vitest/projects.ts'
import { defaultTransport } from '../mocks/transports.ts'
import type { RunReport } from '../reports/run-report.ts'
import type { ReplayCommands } from '../reports/violation-blocks.ts'
import { formatCommand, quoteForShell } from './own-command.ts'
import { formatPath } from './scenarios/chosen.ts'
import type { ScenarioRun } from './scenarios/run-scenarios.ts'
import { formatBesideOptions } from './scenarios/with-packages.ts'

/** Returns the command that replays each counterexample. */
export function buildReplayCommands(
  files: ReadonlyMap<Verdict, string>,
  named: ReadonlyMap<Verdict, string>,
): ReplayCommands {
  return new Map(
    [...files].map(([verdict, file]) => {
      const runtime = named.get(verdict)
      const path = quoteForShell(relative(process.cwd(), file))
      const args = runtime === undefined ? path : `${path} --runtime ${runtime}`
      return [verdict, formatCommand(`replay ${args}`)]
    }),
  )
}

/** Returns what follows `--runtime` for runtimes outside this project, or at another version, by the name in the report. */
export function nameSubjects({ subjects }: ScenarioRun): Map<string, string> {
  const own = new Set([...listDefaultSubjects(), ...listRequestedSubjects()].map(({ folder }) => folder))
  return new Map(
    subjects
      .filter(({ folder, version }) => version !== undefined || !own.has(folder))
      .map(({ name, folder, version, beside }) => {
        const place = own.has(folder) ? basename(folder) : formatPath(folder)
        const runtime = version === undefined ? place : `${place}@${version}`
        return [name, `${quoteForShell(runtime)}${formatBesideOptions(beside)}`]
      }),
  )
}

/** Returns the commands that run the same plans again after a run with `--time`. */
export function formatRepeatCommands(report: RunReport, folders: ReadonlyMap<string, string>): string {
  const lines = report.results
    .filter(({ scenario }) => !scenario.includes('/'))
    .map(({ runtime, scenario, verdicts }) => {
      const plans = Math.max(...verdicts.map((verdict) => verdict.plans))
      const named = folders.get(runtime) ?? runtime
      const how = report.transport === defaultTransport ? '' : ` --transport ${report.transport}`
      const args = `--runtime ${named} --scenario ${scenario} --seed ${report.seed} --runs ${plans}${how}`
      return `  ${formatCommand(args)}`
    })
  return `${pc.bold('To run the same plans again')}\n${lines.join('\n')}\n`
}
