import { dirname, join, resolve } from 'node:path'
import { cacheFolder } from '../harness/environments/cache.ts'
import { SILENT } from '../harness/environments/driver-command.ts'
import { lockOf } from '../harness/environments/lock.ts'
import { hasManifest, type Manifest, readManifest } from '../harness/environments/manifest.ts'
import { pinned } from '../harness/environments/requirements.ts'
import { uvIn } from '../harness/environments/uv.ts'
import type { Counterexample } from '../harness/known/counterexample.ts'
import type { Plan } from '../harness/plan/types.ts'
import type { RecordedRun, Subject } from '../harness/vitest/settings.ts'
import { codeByAdapter, packages } from '../reports/repro/by-adapter.ts'
import { driverSources, pythonFile } from '../reports/repro/python-file.ts'
import { reproFile } from '../reports/repro/repro-file.ts'
import { fileFor } from './scenarios/chosen.ts'
import { runScenarios } from './scenarios/run-scenarios.ts'
import { versionsFrom } from './versions.ts'

/** What is said of a counterexample's invariant. */
export interface Told {
  statement: string
  source: string
}

/**
 * Writes the reproduction of a counterexample to `file` by `write`: `writeNamedFile` for a path that a user typed,
 * `writeResultFile` for a name that we choose. Returns the reason if there is no reproduction; the reason may hold text
 * of the runtime, as it is.
 */
export async function writeRepro(
  file: string,
  counterexample: Counterexample,
  { statement, source }: Told,
  subject: Subject,
  write: (path: string, text: string) => Promise<void>,
): Promise<string | undefined> {
  const manifest = manifestOf(subject)
  if (manifest !== undefined && manifest.language !== 'python')
    return `its driver is written in ${manifest.language}, in which there are no reproductions`
  if (manifest === undefined && counterexample.plan.mode.sabotage?.part === 'exporter')
    return 'a broken exporter is beyond what a reproduction can break'
  const recorded = await record(counterexample, subject)
  if (typeof recorded === 'string') return recorded
  const { repro, ...wire } = recorded
  if (manifest !== undefined) {
    const { version = manifest.version } = subject
    const cache = cacheFolder()
    const parts = {
      packages: pinned(
        manifest,
        version,
        (await lockOf(manifest, version, { uv: () => uvIn(cache), cache })).text,
      ),
      environment: { ...SILENT, ...manifest.env },
      sources: driverSources(manifest.folder),
    }
    await write(file, pythonFile({ counterexample, statement, source, ...wire, ...parts }))
    return undefined
  }
  const driven = drivenBy(subject, counterexample.plan, dirname(resolve(file)), repro)
  await write(file, reproFile({ counterexample, statement, source, ...wire, ...driven }))
  return undefined
}

/** What the name of a reproduction ends with, and which program runs it. */
export function languageOf(subject: Subject): { ending: '.py' | '.ts'; program: 'python' | 'node' } {
  return manifestOf(subject)?.language === 'python'
    ? { ending: '.py', program: 'python' }
    : { ending: '.ts', program: 'node' }
}

function manifestOf({ folder }: Subject): Manifest | undefined {
  return hasManifest(folder) ? readManifest(folder) : undefined
}

/** As its users drive a runtime, where its folder has a `repro.ts`; else through its adapter. */
function drivenBy({ folder, defect }: Subject, plan: Plan, from: string, repro: RecordedRun['repro']) {
  return repro === undefined
    ? {
        packages: versionsFrom(import.meta.filename, ['msw', ...packages]),
        code: codeByAdapter(plan, folder, defect, from),
      }
    : { packages: versionsFrom(join(folder, 'repro.ts'), ['msw', ...repro.packages]), code: repro.code }
}

async function record({ scenario, plan }: Counterexample, subject: Subject): Promise<RecordedRun | string> {
  const { recorded, faults } = await runScenarios({
    subjects: [subject],
    scenarios: [fileFor(scenario)],
    settings: {
      seed: 0,
      runs: 1,
      replay: { scenario, plan, record: true },
    },
    workers: 1,
  })
  return (
    recorded[0] ?? `its plan could not be run once more: ${faults.join('; ') || 'nothing was written down'}`
  )
}
