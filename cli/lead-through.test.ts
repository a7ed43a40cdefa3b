import { expect, it } from 'vitest'
import { readRecordings } from '../mocks/recordings/formats/read.ts'
import { leadThrough } from './lead-through.ts'

const paths = ['text', 'reasoning', 'refusal'].map((name) => `mocks/recordings/own/${name}.json`)

/** Leads three recordings through a runtime of cli/testing. */
async function lead(runtime: string) {
  const read = await Promise.all(paths.map((path) => readRecordings(path)))
  const recordings = read.flatMap((one) => one.recordings)
  const job = { runtime: `../cli/testing/${runtime}`, paths, transport: 'fetch' as const, bound: 300 }
  const { results, crashed } = await leadThrough(job, recordings, () => {})
  const verdicts = results.map(({ recording, verdicts }) => [
    recording,
    [...new Set(verdicts.map(({ verdict }) => verdict))].join(' '),
  ])
  return { verdicts: Object.fromEntries(verdicts), crashed }
}

// Each worker is ended where the runtime is opened for the second time; the next one goes on behind it.
it.each(['exits', 'loops'])(
  'a runtime that %s costs only the recording that was running',
  async (runtime) => {
    const { verdicts, crashed } = await lead(runtime)
    expect(Object.keys(verdicts).sort()).toEqual(['reasoning', 'refusal', 'text'])
    expect(Object.values(verdicts).filter((verdict) => verdict === 'holds').length).toBeGreaterThan(0)
    expect(Object.values(verdicts)).toContain('harness-error')
    expect(Object.values(verdicts)).not.toContain('missing')
    expect(Object.values(verdicts)).not.toContain('violated')
    expect(crashed).toBe(true)
  },
)

it('a runtime that rejects behind every back is told of, and accused of nothing', async () => {
  const { verdicts, crashed } = await lead('rejects')
  expect(Object.keys(verdicts).sort()).toEqual(['reasoning', 'refusal', 'text'])
  for (const verdict of Object.values(verdicts)) expect(verdict).toMatch(/^(holds|harness-error)$/)
  expect(crashed).toBe(true)
})

it('an adapter that cannot start a run is our fault, and no violation of the runtime', async () => {
  const { verdicts } = await lead('throws')
  expect(new Set(Object.values(verdicts))).toEqual(new Set(['harness-error']))
})

it('a runtime that leaves a timer open keeps nobody waiting', async () => {
  const { verdicts, crashed } = await lead('lingers')
  expect(new Set(Object.values(verdicts))).toEqual(new Set(['holds']))
  expect(crashed).toBe(false)
})
