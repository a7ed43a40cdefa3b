import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { execute } from '../execute/execute.ts'
import { digest } from '../history/digest.ts'
import { eventsOf } from '../history/events.ts'
import { plans } from '../plan/arbitraries/plan.ts'
import type { Plan } from '../plan/types.ts'
import { AdapterFault } from '../runtime.ts'
import { type RemoteRuntime, startRemote } from './remote-runtime.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conform-test-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const started: RemoteRuntime[] = []
afterEach(() => {
  for (const runtime of started.splice(0)) runtime.end()
})

/** The driver of the tests, which misbehaves so the first time that it is started. */
async function tiny(fault = 'none'): Promise<RemoteRuntime> {
  const driver = fileURLToPath(new URL('testing/driver.mjs', import.meta.url))
  const mark = await mkdtemp(join(folder, 'mark-'))
  const args = [driver, fault, join(mark, 'began')]
  const runtime = await startRemote('tiny', { command: process.execPath, args, env: {} })
  started.push(runtime)
  return runtime
}

const plan: Plan = {
  schema: 1,
  seed: '1',
  team: [{ name: 'agent', instructions: 'canary-agent.0-00000001 You answer.', tools: [], handoffs: [] }],
  conversations: [
    {
      session: 'history',
      store: true,
      turns: [
        {
          say: 'canary-0.0.0-00000002 Hello',
          stream: true,
          answers: [{ items: [{ type: 'text', text: 'canary-0.0.1-00000003 Good day' }] }],
          target: 'same',
          pull: 'same-context',
        },
      ],
    },
  ],
  delivery: [],
  mode: { start: 'on' },
}

const stoppedAfterOne: Plan = {
  ...plan,
  conversations: plan.conversations.map((conversation) => ({
    ...conversation,
    turns: conversation.turns.map((turn) => ({ ...turn, stop: { how: 'return', after: { updates: 1 } } })),
  })),
}

/** A little of the bound is enough to see that nothing comes. */
const impatient = { transport: 'http', patience: 0.05 } as const

const outcomes = async (runtime: RemoteRuntime) =>
  eventsOf(await execute(runtime, plan, { transport: 'http' }), 'run.end').map(({ outcome }) => outcome)

describe('a runtime in another process', () => {
  it('is told what its driver says of it', async () => {
    const runtime = await tiny()
    expect(runtime).toMatchObject({ name: 'tiny', version: '1.0.0', remote: true })
    expect(runtime.supports).toContain('stream')
    const history = await execute(runtime, plan, { transport: 'http' })
    expect(eventsOf(history, 'update').map(({ update }) => update)).toContainEqual(
      expect.objectContaining({ kind: 'text' }),
    )
    expect(eventsOf(history, 'hook')).toMatchObject([{ run: 'c0.t0', name: 'before_run', agent: 'agent' }])
    expect(eventsOf(history, 'run.end')).toMatchObject([
      { outcome: { status: 'completed', text: 'canary-0.0.1-00000003 Good day' } },
    ])
  })

  it('gives the same history for the same plan, drawn ones too', async () => {
    const runtime = await tiny()
    const few = { min: 1, max: 2 }
    const some = plans({ supports: runtime.supports, conversations: few, turns: few, wire: false })
    await fc.assert(
      fc.asyncProperty(some, async (plan) => {
        const [first, second] = [
          await execute(runtime, plan, { transport: 'http' }),
          await execute(runtime, plan, { transport: 'http' }),
        ]
        expect(digest(second)).toBe(digest(first))
      }),
      { numRuns: 8 },
    )
  })

  it('that dies costs the plan that it was running, and is started again', async () => {
    const runtime = await tiny('dies')
    const history = await execute(runtime, plan, { transport: 'http' })
    expect(history).toMatchObject([
      { kind: 'noise', what: 'exit', message: 'the driver is gone: exit code 7' },
    ])
    expect(await outcomes(runtime)).toMatchObject([{ status: 'completed' }])
  })

  it.each([
    ['babbles', /^the driver is gone: found "I am a teapot", expected a line of JSON$/],
    ['misspells', /^the driver is gone: found ".*txt.*, expected a message of the protocol: update\.kind: /],
    ['refuses', /^open\(\) was rejected: AdapterFault: the driver: open: it is not to be opened$/],
    ['mute', /^open\(\) did not settle within its bound$/],
  ])('that says something else, or nothing, is at fault: %s', async (fault, message) => {
    const runtime = await tiny(fault)
    const error = await execute(runtime, plan, impatient).catch((error) => error)
    expect(error).toBeInstanceOf(AdapterFault)
    expect(error.message).toMatch(message)
    expect(await outcomes(runtime)).toMatchObject([{ status: 'completed' }])
  })

  it('whose run never ends has a run that hangs, however long it would wait', async () => {
    const history = await execute(await tiny('stalls'), plan, { transport: 'http', patience: 1000 })
    expect(eventsOf(history, 'run.end')).toMatchObject([{ outcome: { status: 'hung' } }])
  })

  it('that is busy for ever has a run that hangs, is ended, and started again', async () => {
    const runtime = await tiny('blocks')
    const history = await execute(runtime, plan, impatient)
    expect(eventsOf(history, 'run.end')).toMatchObject([{ outcome: { status: 'hung' } }])
    expect(await outcomes(runtime)).toMatchObject([{ status: 'completed' }])
  })

  it('that tried to get somewhere while it was loaded has done so for each plan', async () => {
    const runtime = await tiny('reaches')
    for (const _ of [1, 2])
      expect(eventsOf(await execute(runtime, plan, { transport: 'http' }), 'noise')).toMatchObject([
        { what: 'egress', message: 'telemetry.example:443' },
      ])
  })

  it('is left when all is quiet there: what goes on by itself has been seen by then', async () => {
    const history = await execute(await tiny('goes-on'), stoppedAfterOne, { transport: 'http' })
    const seen = history.flatMap(({ kind }) => (/^(request|update|stop|run.end)$/.test(kind) ? [kind] : []))
    expect(seen).toEqual(['request', 'update', 'request', 'stop', 'run.end'])
  })

  it('that does not come up says what it wrote last', async () => {
    const command = { command: process.execPath, args: ['-e', 'throw new Error("no such thing")'], env: {} }
    await expect(startRemote('none', command)).rejects.toThrow(
      /^the driver ended before it was ready: exit code 1: [\s\S]*Error: no such thing/,
    )
    await expect(startRemote('none', { ...command, command: '/no/such/program' })).rejects.toThrow(/ENOENT/)
  })
})
