/** One of several things that do the same job, measured beside one another. */
export interface Contestant {
  name: string
  /** Makes it ready; `run` does the job once; `close` undoes what `open` did to the process. */
  open(): Promise<{ run(): Promise<void>; close(): Promise<void> }>
}

export interface Measured {
  name: string
  /** Jobs a second: the median over the rounds. */
  perSecond: number
}

export interface RoundsSetup {
  rounds: number
  /** Jobs of each contestant in a round. */
  jobs: number
  /** How many are under way at once. */
  atOnce: number
}

/**
 * Measures contestants in turns, so that a machine that is slow for a while is slow for all of them: in each round every
 * one of them does the same number of jobs, and the median round counts. The first round warms up and is not counted.
 */
export async function measure(contestants: readonly Contestant[], setup: RoundsSetup): Promise<Measured[]> {
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
  return [...rates].map(([name, all]) => ({ name, perSecond: median(all) }))
}

async function doJobs(run: () => Promise<void>, jobs: number, atOnce: number): Promise<void> {
  let left = jobs
  const line = async () => {
    while (left-- > 0) await run()
  }
  await Promise.all(Array.from({ length: atOnce }, line))
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
