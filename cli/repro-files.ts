import { dirname, join, resolve } from 'node:path'
import { findCacheFolder } from '../harness/environments/cache.ts'
import { SILENT } from '../harness/environments/driver-command.ts'
import { readOrResolveLock } from '../harness/environments/lock.ts'
import { hasManifest, type Manifest, readManifest } from '../harness/environments/manifest.ts'
import { applyPins } from '../harness/environments/requirements.ts'
import { installUv } from '../harness/environments/uv.ts'
import type { Counterexample } from '../harness/known/counterexample.ts'
import type { Plan } from '../harness/plan/types.ts'
import type { RecordedRun, Subject } from '../harness/vitest/settings.ts'
import { buildAdapterCode, packages } from '../reports/repro/by-adapter.ts'
import { buildPythonFile, readDriverSources } from '../reports/repro/python-file.ts'
import { buildReproFile } from '../reports/repro/repro-file.ts'
import { chooseScenarioFile } from './scenarios/chosen.ts'
import { runScenarios } from './scenarios/run-scenarios.ts'
import { listInstalledSpecs } from './versions.ts'

/** The text of the invariant that a counterexample violates. */
export interface StatedInvariant {
  statement: string
  source: string
}

/**
 * Writes a script to `file` that shows a counterexample without the harness. `write` is `writeNamedFile` for a path that a
 * user typed, and `writeResultFile` for a name that the harness chose. Returns the reason if no script can be written. The
 * reason may contain unescaped text of the runtime.
 */
export async function writeRepro(
  file: string,
  counterexample: Counterexample,
  { statement, source }: StatedInvariant,
  subject: Subject,
  write: (path: string, text: string) => Promise<void>,
): Promise<string | undefined> {
  const manifest = readManifestOf(subject)
  if (manifest !== undefined && manifest.language !== 'python')
    return `its driver is written in ${manifest.language}, and scripts exist only for TypeScript and Python`
  if (manifest === undefined && counterexample.plan.mode.sabotage?.part === 'exporter')
    return 'the violation needs a broken exporter, which a script cannot set up'
  const recorded = await recordPlan(counterexample, subject)
  if (typeof recorded === 'string') return recorded
  const { repro, ...wire } = recorded
  if (manifest !== undefined) {
    const { version = manifest.version, beside } = subject
    const cache = findCacheFolder()
    const parts = {
      packages: applyPins(
        manifest,
        version,
        (await readOrResolveLock(manifest, version, { uv: () => installUv(cache), cache }, beside)).text,
        beside,
      ),
      environment: { ...SILENT, ...manifest.env },
      sources: readDriverSources(manifest.folder),
    }
    await write(file, buildPythonFile({ counterexample, statement, source, ...wire, ...parts }))
    return undefined
  }
  const driven = buildDriveCode(subject, counterexample.plan, dirname(resolve(file)), repro)
  await write(file, buildReproFile({ counterexample, statement, source, ...wire, ...driven }))
  return undefined
}

/** Returns the file extension of the script for a runtime, and the program that runs the script. */
export function chooseLanguage(subject: Subject): { ending: '.py' | '.ts'; program: 'python' | 'node' } {
  return readManifestOf(subject)?.language === 'python'
    ? { ending: '.py', program: 'python' }
    : { ending: '.ts', program: 'node' }
}

function readManifestOf({ folder }: Subject): Manifest | undefined {
  return hasManifest(folder) ? readManifest(folder) : undefined
}

/** Returns the code that drives the runtime: from the `repro.ts` in its folder, or else through its adapter. */
function buildDriveCode({ folder, defect }: Subject, plan: Plan, from: string, repro: RecordedRun['repro']) {
  return repro === undefined
    ? {
        packages: listInstalledSpecs(import.meta.filename, ['msw', ...packages]),
        code: buildAdapterCode(plan, folder, defect, from),
      }
    : {
        packages: listInstalledSpecs(join(folder, 'repro.ts'), ['msw', ...repro.packages]),
        code: repro.code,
      }
}

async function recordPlan(
  { scenario, plan }: Counterexample,
  subject: Subject,
): Promise<RecordedRun | string> {
  const { recorded, faults } = await runScenarios({
    subjects: [subject],
    scenarios: [chooseScenarioFile(scenario)],
    settings: {
      seed: 0,
      runs: 1,
      replay: { scenario, plan, record: true },
    },
    workers: 1,
  })
  return recorded[0] ?? `the plan could not be recorded: ${faults.join('; ') || 'the run gave no recording'}`
}
