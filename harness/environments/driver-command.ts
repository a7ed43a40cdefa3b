import { delimiter } from 'node:path'

/** What starts a driver: nothing of the environment of whoever starts it is added but a throw-away HOME. */
export interface DriverCommand {
  command: string
  args: string[]
  env: Record<string, string>
}

/** What a driver's process may know of ours: how to find programs, in which language and time, and where to put temporary files. */
const PASSED_VARIABLES = ['LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'SystemRoot']

/** Exporters, beacons and downloads that libraries bring along: off, each by its own switch. */
export const SILENT = {
  APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL: 'true',
  APPLICATIONINSIGHTS_SDKSTATS_DISABLED: 'true',
  OTEL_TRACES_EXPORTER: 'none',
  OTEL_METRICS_EXPORTER: 'none',
  OTEL_LOGS_EXPORTER: 'none',
  DO_NOT_TRACK: '1',
  SCARF_NO_ANALYTICS: 'true',
  ANONYMIZED_TELEMETRY: 'false',
  HF_HUB_OFFLINE: '1',
  HF_HUB_DISABLE_TELEMETRY: '1',
  TRANSFORMERS_OFFLINE: '1',
}

/** The environment variables of a driver's process: those of `own` win. `first`: folders in which programs are looked for. */
export function buildDriverEnvironment(
  own: Record<string, string>,
  first: readonly string[] = [],
): Record<string, string> {
  const passed = PASSED_VARIABLES.flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  const PATH = [...first, process.env['PATH'] ?? ''].filter((part) => part !== '').join(delimiter)
  return { ...Object.fromEntries(passed), PATH, ...SILENT, ...own }
}
