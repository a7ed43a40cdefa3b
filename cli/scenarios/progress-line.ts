/** Milliseconds between two lines of progress, if nobody looks at a terminal. */
const EVERY = 15_000

/** Where progress is written, and the clock. Tests replace both. */
export interface ProgressPlace {
  stream: { isTTY?: boolean | undefined; write(text: string): unknown }
  /** Returns the time in milliseconds. */
  now(): number
}

/**
 * Returns a counter of plans and cases on stderr. A terminal shows one line that changes. Anything else, for example the log of
 * a CI job, gets a line every 15 seconds. With `quiet`, nothing is shown.
 */
export function createProgressLine(
  quiet: boolean,
  { stream, now }: ProgressPlace = { stream: process.stderr, now: () => performance.now() },
) {
  let last = now()
  return {
    show(plans: number, cases: number) {
      if (quiet) return
      const counts = `${plans} plans run, ${cases} cases done`
      if (stream.isTTY) stream.write(`\r\u001b[K${counts}`)
      else if (now() - last >= EVERY) {
        last = now()
        stream.write(`${counts}\n`)
      }
    },
    clear() {
      if (!quiet && stream.isTTY) stream.write('\r\u001b[K')
    },
  }
}
