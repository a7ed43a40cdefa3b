import { toPrintable } from '../../mocks/printable.ts'

/**
 * Why there is no environment. `toolchain`: the machine lacks a program (Python, uv, Go), which says nothing about
 * the runtime. `version`: the version does not exist or cannot be installed. `install`: an installation failed
 * unexpectedly.
 */
export type Lacking = 'toolchain' | 'version' | 'install'

/** Thrown when a runtime's environment cannot be made. The message is one line. */
export class EnvironmentError extends Error {
  override name = 'EnvironmentError'
  readonly lacking: Lacking
  /** `subject`: the runtime and its version, or the tool. */
  constructor(lacking: Lacking, subject: string, found: string, expected: string) {
    super(
      `${toPrintable(subject, 200)}: found ${toPrintable(found, 1_000)}, expected ${toPrintable(expected, 500)}`,
    )
    this.lacking = lacking
  }
}
