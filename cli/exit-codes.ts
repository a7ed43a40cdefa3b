/** Exit codes of the command line. CI scripts rely on these numbers. */
export const exitCodes = {
  /** Everything is as expected. */
  expected: 0,
  /** A must is violated, an entry of known.yaml is stale, or a checked file breaks a rule. */
  violated: 1,
  /** Wrong usage, such as an unknown option or a missing file. */
  usage: 2,
  /** A fault of the harness. */
  harness: 3,
} as const

/** An error that the user can correct. The message says how. */
export class UsageError extends Error {}
