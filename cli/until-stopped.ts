import { UsageError } from './exit-codes.ts'

/** Settles when the process is interrupted or asked to end; a second signal ends it at once. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
}

/** A port number from the command line. */
export function portOption(given: string): number {
  const port = Number(given)
  if (!/^\d+$/.test(given) || port > 65_535)
    throw new UsageError(`--port: found "${given}", expected a number from 0 to 65535`)
  return port
}
