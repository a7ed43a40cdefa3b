import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cacheFolder } from '../../harness/environments/cache.ts'
import { environmentOf } from '../../harness/environments/environment.ts'
import { readManifest } from '../../harness/environments/manifest.ts'
import { execute } from '../../harness/execute/execute.ts'
import { eventsOf, type History } from '../../harness/history/events.ts'
import type { Plan, Turn } from '../../harness/plan/types.ts'
import { type RemoteRuntime, startRemote } from '../../harness/remote/remote-runtime.ts'
import type { Answer, Fault } from '../../mocks/service/types.ts'

const turn = (say: string, stream: boolean, ...answers: Answer[]): Turn => ({
  say,
  stream,
  answers,
  target: 'same',
  pull: 'same-context',
})

const planOf = (store: boolean, turns: Turn[]): Plan => ({
  schema: 1,
  seed: '00000001',
  team: [
    {
      name: 'agent',
      instructions: 'canary-agent You are brief.',
      tools: [
        {
          name: 'get_weather',
          parameters: { type: 'object', properties: { value: { type: 'string' } }, required: ['value'] },
          does: [{ kind: 'return', value: { degrees: 3 } }],
        },
      ],
      handoffs: [],
    },
  ],
  conversations: [{ session: 'history', store, turns }],
  delivery: [],
  mode: { start: 'off' },
})

const calls: Answer = { items: [{ type: 'call', tool: 'get_weather', args: { value: 'Oslo' } }] }
const says = (text: string): Answer => ({ items: [{ type: 'text', text }] })

/** What the model is told of who it is: of both APIs. */
const instructions = (history: History) =>
  eventsOf(history, 'request').map(({ body }) => JSON.stringify([body['instructions'], body['messages']]))

describe.each(['0.9.0', '0.6.0'])('the driver with the instrumentation %s', (version) => {
  let home = ''
  let runtime: RemoteRuntime
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'conform-test-'))
    const manifest = readManifest(fileURLToPath(new URL('.', import.meta.url)))
    const { command, args, env } = await environmentOf(manifest, version, cacheFolder())
    runtime = await startRemote('hermes-agent', { command, args, env: { ...env, HOME: home } })
  }, 300_000)
  afterAll(async () => {
    runtime?.end()
    await rm(home, { recursive: true, force: true })
  })

  it('is of that version', () => expect(runtime.version).toBe(version))

  it.each([true, false].flatMap((store) => [true, false].map((stream) => [store, stream] as const)))(
    'has tools, and what was said before (stored: %s, streamed: %s)',
    async (store, stream) => {
      const plan = planOf(store, [
        turn('Weather?', stream, calls, says('Cold.')),
        turn('And now?', stream, says('Still cold.')),
      ])
      const history = await execute(runtime, plan, { transport: 'http' })
      expect(eventsOf(history, 'run.end').map(({ outcome }) => outcome)).toMatchObject([
        { status: 'completed', text: 'Cold.' },
        { status: 'completed', text: 'Still cold.' },
      ])
      expect(eventsOf(history, 'tool.start').map(({ run, name }) => `${run} ${name}`)).toEqual([
        'c0.t0 get_weather',
      ])
      expect(eventsOf(history, 'hook').map(({ run, name }) => `${run} ${name}`)).toEqual([
        'c0.t0 before_run',
        'c0.t0 after_run',
        'c0.t1 before_run',
        'c0.t1 after_run',
      ])
    },
  )

  it('tells no error by how long its answer took', async () => {
    const fault: Fault = { kind: 'failed', at: 1, code: 'server_error' }
    const failed: Answer = { ...says('Hello.'), faults: [fault, fault, fault] }
    const history = await execute(runtime, planOf(false, [turn('Hello', false, failed)]), {
      transport: 'http',
    })
    const [told] = eventsOf(history, 'run.end')
    expect(told?.outcome).toMatchObject({ status: 'failed', error: { name: 'failed' } })
    expect(told?.outcome.error?.message).not.toMatch(/\ds\b/)
  })

  it.each([true, false])(
    'tells the model nothing that changes while plans run (stored: %s)',
    async (store) => {
      const history = await execute(runtime, planOf(store, [turn('Hello', false, says('Hello.'))]), {
        transport: 'http',
      })
      const [told] = instructions(history)
      expect(told).toContain('You are brief.')
      // The state of the checkout, which Python there is, and the time of day.
      expect(told).not.toMatch(/Workspace \(|Recent commits|Python toolchain|20[3-9]\d|202[57-9]/)
    },
  )
})
