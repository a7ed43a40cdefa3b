import { delimiter } from 'node:path'

/** The command that starts a driver, with its whole environment. Only a temporary HOME is added later. */
export interface DriverCommand {
  command: string
  args: string[]
  env: Record<string, string>
}

/** Variables of the user that a driver may have. */
const PASSED_VARIABLES = ['LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'SystemRoot']

/** Switches that turn off exporters, usage reports and downloads of common libraries. */
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

/**
 * Returns the environment variables of a driver. Those of `own` win. `first`: folders in which programs are searched
 * first.
 */
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
