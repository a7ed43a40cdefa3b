import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { explore } from '../../harness/explore.ts'
import { invariants } from '../../harness/invariants/index.ts'
import { plans } from '../../harness/plan/arbitraries/plan.ts'
import type { Verdict } from '../../harness/verdict.ts'
import { readRecordings } from '../../mocks/recordings/formats/read.ts'
import type { RecordingFile } from '../../mocks/recordings/types.ts'
import { recordingScenario } from '../../scenarios/recordings.ts'
import { runtime, runtimeOf } from './adapter.ts'
import type { runLoop } from './loop.ts'

const here = fileURLToPath(new URL('.', import.meta.url))

/** The loop's own text, broken in one way each: what stands in `loop.ts`, what is put in its place, and what must see it. */
const breaks: { name: string; sees: string; edits: [string, string][] }[] = [
  {
    name: 'spans left open on an error',
    sees: 'no-leaked-spans',
    edits: [
      ['return await work(span)', 'const value = await work(span)\n    span.end()\n    return value'],
      ['} finally {\n    span.end()\n  }', '}'],
    ],
  },
  {
    name: 'afterRun called although the response failed',
    sees: 'after-run-only-on-success',
    edits: [
      [
        "if (event.type === 'response.failed') throw",
        "if (event.type === 'response.failed') run.afterRun?.(event.response)\n    if (event.type === 'response.failed') throw",
      ],
    ],
  },
  {
    name: 'the last response id kept beyond its conversation',
    sees: 'no-stale-previous-response-id',
    edits: [
      [
        'let previousResponseId = session.previousResponseId',
        'let previousResponseId = session.previousResponseId ?? kept.id',
      ],
      ['previousResponseId = response.id', 'previousResponseId = kept.id = response.id'],
      ['export async function runLoop', 'const kept: { id?: string } = {}\n\nexport async function runLoop'],
    ],
  },
  {
    name: 'the history cut to the turn',
    sees: 'no-context-loss',
    edits: [['[...session.items, ...gathered]', 'gathered']],
  },
]

let folder = ''
let files: RecordingFile[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(here, '.broken-'))
  const own = fileURLToPath(new URL('../../mocks/recordings/own', import.meta.url))
  files = (await readRecordings(own)).recordings.map(({ file }) => file)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function verdictsOf(subject: typeof runtime): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  for (const file of files)
    verdicts.push(...(await recordingScenario(subject, file, { transport: 'fetch', bound: 10_000 })).verdicts)
  return verdicts
}

/** The loop with its text edited: a module of its own, written beside it so that it finds the same packages. */
async function brokenLoop({ name, edits }: (typeof breaks)[number]): Promise<typeof runLoop> {
  let text = await readFile(join(here, 'loop.ts'), 'utf8')
  for (const [found, put] of edits) {
    expect(text.split(found).length, `"${found}" stands in loop.ts once`).toBe(2)
    text = text.replace(found, put)
  }
  const file = join(folder, `${name.replaceAll(/\W+/g, '-')}.ts`)
  await writeFile(file, text)
  return ((await import(file)) as typeof import('./loop.ts')).runLoop
}

describe('the loop on all own recordings', () => {
  it('holds in every verdict as it stands', async () => {
    const verdicts = await verdictsOf(runtime)
    expect(verdicts.filter(({ verdict }) => verdict === 'holds').length).toBeGreaterThan(20)
    expect(verdicts.filter(({ verdict }) => !/holds|not-applicable/.test(verdict))).toEqual([])
  })

  it.each(breaks)('broken by hand, $name: $sees turns, and it alone', async (one) => {
    const turned = (await verdictsOf(runtimeOf(await brokenLoop(one)))).filter(
      ({ verdict }) => verdict !== 'holds' && verdict !== 'not-applicable',
    )
    expect(turned.length).toBeGreaterThan(0)
    expect([...new Set(turned.map(({ invariant, verdict }) => `${invariant} ${verdict}`))]).toEqual([
      `${one.sees} violated`,
    ])
  })
})

describe('the loop on drawn plans', () => {
  const setup = {
    plans: plans({ sessions: ['history', 'previous-response'], gatedTools: false, spoiled: 30 }),
    runs: 150,
    seed: 20_261_120,
    transport: 'fetch' as const,
  }

  it('breaks nothing as it stands', { timeout: 120_000 }, async () => {
    const explored = await explore(runtime, invariants, setup)
    expect(explored.filter(({ counterexample }) => counterexample !== undefined)).toEqual([])
  })

  it.each(breaks)(
    'broken by hand, $name: is found, with a small counterexample',
    { timeout: 120_000 },
    async (one) => {
      const explored = await explore(runtimeOf(await brokenLoop(one)), invariants, setup)
      const found = explored.find(({ invariant }) => invariant === one.sees)?.counterexample
      const answers =
        found?.plan.conversations.flatMap(({ turns }) => turns.flatMap((turn) => turn.answers)) ?? []
      expect(found?.violations.length).toBeGreaterThan(0)
      expect(found?.plan.conversations.length).toBeLessThanOrEqual(2)
      expect(answers.length).toBeLessThanOrEqual(3)
    },
  )
})
