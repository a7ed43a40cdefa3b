/** One of several programs that do the same job and are compared. */
export interface Contestant {
  name: string
  /** Prepares the contestant. `run` does the job once; `close` undoes what `open` did to the process. */
  open(): Promise<{ run(): Promise<void>; close(): Promise<void> }>
}

export interface Measured {
  name: string
  /** Jobs per second, as the median of the rounds. */
  perSecond: number
}

export interface RoundsSetup {
  rounds: number
  /** Jobs per contestant and round. */
  jobs: number
  /** Number of jobs that run at the same time. */
  atOnce: number
}

/**
 * Measures contestants in turns, so that a slow phase of the machine affects all of them. Each contestant does the same number
 * of jobs per round. The first round is a warm-up and does not count.
 */
export async function measureContestants(
  contestants: readonly Contestant[],
  setup: RoundsSetup,
): Promise<Measured[]> {
  const rates = new Map<string, number[]>(contestants.map(({ name }) => [name, []]))
  for (let round = 0; round <= setup.rounds; round++)
    for (const { name, open } of contestants) {
      const { run, close } = await open()
      for (let warm = 0; warm < 5; warm++) await run()
      const begun = performance.now()
      await doJobs(run, setup.jobs, setup.atOnce)
      const rate = (setup.jobs * 1000) / (performance.now() - begun)
      await close()
      if (round > 0) rates.get(name)?.push(rate)
    }
  return [...rates].map(([name, all]) => ({ name, perSecond: computeMedian(all) }))
}

async function doJobs(run: () => Promise<void>, jobs: number, atOnce: number): Promise<void> {
  let left = jobs
  const line = async () => {
    while (left-- > 0) await run()
  }
  await Promise.all(Array.from({ length: atOnce }, line))
}

function computeMedian(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
