import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Runtime } from '../../harness/contract/runtime.ts'
import { execute } from '../../harness/execute/execute.ts'
import { type ExploreResult, explore } from '../../harness/explore/explore.ts'
import { invariants } from '../../harness/invariants/index.ts'
import { arbitraryPlans } from '../../harness/plan/arbitraries/plan.ts'
import { drawPlans, takeFirst } from '../../harness/plan/drawn.ts'
import { buildPlansFromRecording } from '../../harness/plan/recorded/from-recording.ts'
import type { Plan } from '../../harness/plan/types.ts'
import { readRecordings } from '../../mocks/recordings/formats/read.ts'
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
      ['} finally {\n    runGuarded(() => span.end())\n  }', '}'],
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
let recorded: Plan[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(here, '.broken-'))
  const own = fileURLToPath(new URL('../../mocks/recordings/own', import.meta.url))
  const { recordings } = await readRecordings(own)
  recorded = recordings
    .flatMap(({ file }) => buildPlansFromRecording(file).plans.map(({ plan }) => plan))
    .filter(({ conversations }) => conversations.every(({ session }) => runtime.supports.has(session)))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** What breaks of all promises that the subject can be held to. */
async function brokenIn(subject: Runtime, plans: Iterable<Plan>): Promise<ExploreResult[]> {
  const explored = await explore({
    invariants: invariants.filter(({ needs }) => needs.every((need) => subject.supports.has(need))),
    comparisons: [],
    plans,
    run: async (plan) => ({ history: await execute(subject, plan, { transport: 'fetch' }) }),
  })
  return explored.filter(({ found, fault }) => found.length > 0 || fault !== undefined)
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
  it('breaks nothing as it stands', async () => {
    expect(recorded.length).toBeGreaterThan(20)
    expect(await brokenIn(runtime, recorded)).toEqual([])
  })

  it.each(breaks)('broken by hand, $name: $sees sees it', async (one) => {
    const broken = await brokenIn(runtimeOf(await brokenLoop(one)), recorded)
    expect(broken.map(({ rule }) => rule.id)).toContain(one.sees)
  })
})

describe('the loop on drawn plans', () => {
  const setup = arbitraryPlans({
    supports: runtime.supports,
    gatedTools: false,
    spoiled: 30,
    stopped: 10,
    throwing: 10,
  })
  const some = () => takeFirst(80, drawPlans(setup, 20_261_120, 'openai-loop'))

  it('breaks nothing as it stands', async () => {
    expect(await brokenIn(runtime, some())).toEqual([])
  })

  it.each(breaks)('broken by hand, $name: is found, with a small counterexample', async (one) => {
    const broken = await brokenIn(runtimeOf(await brokenLoop(one)), some())
    const found = broken.find(({ rule }) => rule.id === one.sees)?.found[0]
    const answers =
      found?.plan.conversations.flatMap(({ turns }) => turns.flatMap((turn) => turn.answers)) ?? []
    expect(found?.violations.length).toBeGreaterThan(0)
    expect(found?.plan.conversations.length).toBeLessThanOrEqual(2)
    expect(answers.length).toBeLessThanOrEqual(3)
  })
})
