import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { HistoryEvent } from '../harness/history/events.ts'
import { numbered } from '../harness/history/numbered.ts'
import { derive } from '../harness/replay/derive.ts'
import { replayOn } from '../harness/replay/replay.ts'
import type { Runtime } from '../harness/runtime.ts'
import type { Verdict } from '../harness/verdict.ts'
import { isObject, objectsIn } from '../mocks/json.ts'
import { readRecordings } from '../mocks/recordings/formats/read.ts'
import type { RecordingFile } from '../mocks/recordings/types.ts'
import { sharedFolder } from '../mocks/testing/shared-folder.ts'
import { transportNames } from '../mocks/transports.ts'
import { recordingScenario } from './recordings.ts'

const runtimes: Record<string, Runtime> = {}
const own: RecordingFile[] = []
beforeAll(async () => {
  // Under any other value @openai/agents switches its tracing off without a word.
  vi.stubEnv('NODE_ENV', 'production')
  runtimes['openai-loop'] = (await import('../runtimes/openai-loop/adapter.ts')).runtime
  runtimes['openai-agents'] = (await import('../runtimes/openai-agents/adapter.ts')).runtime
  const folder = fileURLToPath(new URL('../mocks/recordings/own', import.meta.url))
  own.push(...(await readRecordings(folder)).recordings.map(({ file }) => file))
})

describe.each(['openai-loop', 'openai-agents'])('the own recordings on %s', (name) => {
  it('give the same history over all three transports', { timeout: 60_000 }, async () => {
    const runtime = runtimes[name] as Runtime
    const replays = own.flatMap((file) => derive(file).replays)
    expect(replays.length).toBeGreaterThan(9)
    for (const replay of replays)
      for (const session of replay.sessions) {
        const histories: HistoryEvent[][] = []
        for (const transport of transportNames)
          histories.push(numbered(await replayOn(runtime, replay, { transport, session, bound: 10_000 })))
        expect(histories[1], replay.recording).toEqual(histories[0])
        expect(histories[2], replay.recording).toEqual(histories[0])
      }
  })

  it('end as they were recorded to end', async () => {
    const runtime = runtimes[name] as Runtime
    for (const file of own)
      for (const replay of derive(file).replays) {
        const history = await replayOn(runtime, replay, {
          transport: 'fetch',
          session: 'history',
          bound: 10_000,
        })
        const ends = history.filter((event) => event.kind === 'run.end')
        expect(ends).toHaveLength(replay.turns.length)
        for (const { outcome } of ends) expect(outcome.status, file.id).not.toBe('hung')
        // The one failing story fails; every other run has what the model said last.
        if (file.id !== 'endings' && file.id !== 'refusal')
          for (const { outcome } of ends)
            expect(outcome).toMatchObject({ status: 'completed', text: expect.stringMatching(/./) })
      }
  })
})

const shared = sharedFolder()
describe.runIf(shared)('the collected recordings (needs ../shared)', () => {
  it('hold on openai-loop wherever they can be put to it, the tool loops among them', {
    timeout: 60_000,
  }, async () => {
    const { recordings } = await readRecordings(`${shared}/recordings/conversations`)
    const verdicts: Verdict[] = []
    for (const { file } of recordings)
      verdicts.push(
        ...(
          await recordingScenario(runtimes['openai-loop'] as Runtime, file, {
            transport: 'fetch',
            bound: 10_000,
          })
        ).verdicts,
      )
    const scenarios = (name: string) =>
      new Set(verdicts.filter(({ verdict }) => verdict === name).map(({ scenario }) => scenario))
    expect(scenarios('holds').size + scenarios('not-applicable').size).toBe(148)
    expect(scenarios('holds').size).toBeGreaterThanOrEqual(97)
    expect(verdicts.filter(({ verdict, reason }) => verdict === 'not-applicable' && !reason)).toEqual([])
    const loops = recordings.filter(({ file }) => isToolLoop(file)).map(({ file }) => `recordings/${file.id}`)
    expect(loops).toHaveLength(34)
    expect(loops.filter((loop) => scenarios('holds').has(loop)).length).toBeGreaterThanOrEqual(30)
  })
})

/** A conversation in which only function tools are offered, and a call's result is sent. */
function isToolLoop({ recordings }: RecordingFile): boolean {
  const bodies = recordings.flatMap(({ request }) =>
    request.recorded && isObject(request.body) ? [request.body] : [],
  )
  const tools = bodies.flatMap(({ tools }) => objectsIn(tools))
  const only = tools.every(({ type }) => type === 'function')
  return only && JSON.stringify(bodies.map(({ input }) => input ?? null)).includes('"function_call_output"')
}
