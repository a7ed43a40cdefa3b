/** What the command line ends with; the numbers are a promise to CI scripts. */
export const exitCodes = {
  /** Everything is as expected. */
  expected: 0,
  /** A must is violated, or a checked file breaks a rule. */
  violated: 1,
  /** The command was used wrongly: an unknown option, a file that is not there. */
  usage: 2,
  /** The fault is the harness's own. */
  harness: 3,
} as const

/** An error that is the user's to mend; its message says how. */
export class UsageError extends Error {}
