import { describe, expect, it } from 'vitest'
import { createProgressLine } from './progress-line.ts'

/** Returns a place for progress that keeps what is written, with a clock that the test sets. */
function createPlace(isTTY: boolean) {
  const written: string[] = []
  const clock = { time: 0 }
  const place = { stream: { isTTY, write: (text: string) => written.push(text) }, now: () => clock.time }
  return { written, clock, place }
}

describe('createProgressLine', () => {
  it('writes a line every 15 seconds without a terminal', () => {
    const { written, clock, place } = createPlace(false)
    const progress = createProgressLine(false, place)
    for (const [time, plans] of [
      [14_999, 1],
      [15_000, 2],
      [29_999, 3],
      [31_000, 4],
      [45_999, 5],
      [46_000, 6],
    ] as const) {
      clock.time = time
      progress.show(plans, 0)
    }
    progress.clear()
    expect(written).toEqual([2, 4, 6].map((plans) => `${plans} plans run, 0 cases done\n`))
  })

  it('changes one line of a terminal each time, and clears it', () => {
    const { written, place } = createPlace(true)
    const progress = createProgressLine(false, place)
    progress.show(1, 0)
    progress.show(2, 1)
    progress.clear()
    expect(written).toEqual([
      '\r\u001b[K1 plans run, 0 cases done',
      '\r\u001b[K2 plans run, 1 cases done',
      '\r\u001b[K',
    ])
  })

  it('writes nothing if it is to be quiet', () => {
    for (const isTTY of [true, false]) {
      const { written, clock, place } = createPlace(isTTY)
      const progress = createProgressLine(true, place)
      clock.time = 99_000
      progress.show(1, 0)
      progress.clear()
      expect(written).toEqual([])
    }
  })
})
