import { printable } from '../../mocks/printable.ts'

/**
 * Why there is no environment. `toolchain`: the machine lacks what it takes (a Python, an uv, a Go), which says nothing of
 * the runtime. `version`: no such version, or none that can be installed. `install`: an installation that should have
 * worked did not.
 */
export type Lacking = 'toolchain' | 'version' | 'install'

/** A runtime's environment that is not to be had. Its message is one terminal line. */
export class EnvironmentError extends Error {
  override name = 'EnvironmentError'
  readonly lacking: Lacking
  /** `subject`: the runtime and its version, or the tool. */
  constructor(lacking: Lacking, subject: string, found: string, expected: string) {
    super(
      `${printable(subject, 200)}: found ${printable(found, 1_000)}, expected ${printable(expected, 500)}`,
    )
    this.lacking = lacking
  }
}
