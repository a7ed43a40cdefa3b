import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { formatPlan, readPlan } from '../harness/plan/codec.ts'
import { listSmallerPlans } from '../harness/plan/smaller.ts'
import { isObject, listObjects } from '../mocks/json.ts'
import { readRecordings } from '../mocks/recordings/formats/read.ts'
import type { RecordingFile } from '../mocks/recordings/types.ts'
import { findSharedFolder } from '../mocks/testing/shared-folder.ts'
import recordings from './recordings.ts'

async function filesIn(folder: string): Promise<RecordingFile[]> {
  return (await readRecordings(folder)).recordings.map(({ file }) => file)
}

/** Every plan is one that a file can hold, and so is each that is a step smaller. */
function expectReadable(files: readonly RecordingFile[]): void {
  for (const file of files)
    for (const { plan, name } of recordings.fromRecording(file).plans) {
      expect(readPlan(formatPlan(plan), `${file.id}, ${name}`)).toEqual(plan)
      for (const less of listSmallerPlans(plan))
        expect(readPlan(formatPlan(less), `less of ${file.id}`)).toEqual(less)
    }
}

describe('the own recordings', () => {
  it('give plans that can be read back, all but the one that runs in the background', async () => {
    const files = await filesIn(fileURLToPath(new URL('../mocks/recordings/own', import.meta.url)))
    const without = files.filter((file) => recordings.fromRecording(file).plans.length === 0)
    expect(without.map(({ id }) => id)).toEqual(['background'])
    expectReadable(files)
  })
})

const shared = findSharedFolder()
describe.runIf(shared)('the collected recordings (needs ../shared)', () => {
  it('give plans that can be read back', async () => {
    expectReadable(await filesIn(`${shared}/recordings/conversations`))
  })

  it('are a case each wherever only function tools are offered, with plans or with the reason why there is none', async () => {
    const files = await filesIn(`${shared}/recordings/conversations`)
    const fitting = files.filter(fits)
    const loops = fitting.filter(isToolLoop)
    expect(loops).toHaveLength(34)
    expect(fitting.length - loops.length).toBeGreaterThanOrEqual(68)
    const given = files.map((file) => recordings.fromRecording(file))
    expect(given.filter(({ plans }) => plans.length > 0).length).toBeGreaterThanOrEqual(97)
    expect(given.filter(({ plans, inexpressible }) => plans.length + inexpressible.length === 0)).toEqual([])
    const played = loops.filter((file) => recordings.fromRecording(file).plans.length > 0)
    expect(played.length).toBeGreaterThanOrEqual(30)
  })

  it('tell what their requests held, save where the client itself did not carry its conversation', async () => {
    const files = await filesIn(`${shared}/recordings/conversations`)
    const turns = files.flatMap((file) =>
      recordings
        .fromRecording(file)
        .plans.flatMap(({ plan }) => plan.conversations.flatMap(({ turns }) => turns)),
    )
    expect(turns.filter(({ recorded }) => recorded).length / turns.length).toBeGreaterThan(0.9)
  })
})

function bodiesOf({ recordings }: RecordingFile) {
  return recordings.flatMap(({ request }) =>
    request.recorded && request.method === 'POST' && /\/responses$/.test(new URL(request.url).pathname)
      ? [isObject(request.body) ? request.body : {}]
      : [],
  )
}

/** Whether requests for a response were recorded, and offer function tools only, or none. */
function fits(file: RecordingFile): boolean {
  const bodies = bodiesOf(file)
  const tools = bodies.flatMap(({ tools }) => listObjects(tools))
  return bodies.length > 0 && tools.every(({ type }) => type === 'function')
}

/** Whether a call's result is sent in it. */
function isToolLoop(file: RecordingFile): boolean {
  return JSON.stringify(bodiesOf(file).map(({ input }) => input ?? null)).includes('"function_call_output"')
}
