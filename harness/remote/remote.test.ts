import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { filterEvents } from '../contract/events.ts'
import { AdapterFault } from '../contract/runtime.ts'
import type { DriverCommand } from '../environments/driver-command.ts'
import { execute } from '../execute/execute.ts'
import { computeDigest } from '../history/digest.ts'
import { arbitraryPlans } from '../plan/arbitraries/plan.ts'
import type { Plan } from '../plan/types.ts'
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
async function tiny(fault = 'none', firstOpenMs?: number): Promise<RemoteRuntime> {
  const driver = fileURLToPath(new URL('testing/driver.mjs', import.meta.url))
  const mark = await mkdtemp(join(folder, 'mark-'))
  const args = [driver, fault, join(mark, 'began')]
  const runtime = await startRemote(
    'tiny',
    { command: process.execPath, args, env: {} },
    undefined,
    firstOpenMs,
  )
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

/** A driver that hears nothing and never ends (or `exits` at once), and has a child that does the same; what their ids are. */
async function stubborn(how = 'stays'): Promise<{ command: DriverCommand; pids(): Promise<number[]> }> {
  const file = join(await mkdtemp(join(folder, 'stubborn-')), 'pids')
  const stays = 'setInterval(() => {}, 1e6)'
  const source = `
    const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(stays)}], { stdio: 'inherit' })
    require('node:fs').writeFileSync(process.argv[1], process.pid + ' ' + child.pid + ' ')
    console.error('began')
    ${how === 'exits' ? 'child.once("spawn", () => process.exit(3))' : stays}`
  return {
    command: { command: process.execPath, args: ['-e', source, file], env: {} },
    pids: async () => {
      const read = async () =>
        (await readFile(file, 'utf8').catch(() => '')).split(' ').slice(0, -1).map(Number)
      await expect.poll(read, { timeout: 10_000 }).toHaveLength(2)
      return read()
    },
  }
}

/** Whether none of these processes is there any more, as soon as that is so. */
async function gone(pids: readonly number[]): Promise<boolean> {
  await expect.poll(() => pids.filter(isRunning), { timeout: 10_000 }).toEqual([])
  return true
}

/** One that has ended and that nobody has waited for is a zombie: it runs no more. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch (error) {
    // Where there is no /proc, the signal tells.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH' && existsSync(`/proc/${pid}`)
  }
}

/** A little of the bound is enough to see that nothing comes. */
const impatient = { transport: 'http', patience: 0.05 } as const

const outcomes = async (runtime: RemoteRuntime) =>
  filterEvents(await execute(runtime, plan, { transport: 'http' }), 'run.end').map(({ outcome }) => outcome)

describe('a runtime in another process', () => {
  it('is told what its driver says of it', async () => {
    const runtime = await tiny()
    expect(runtime).toMatchObject({ name: 'tiny', version: '1.0.0', remote: true })
    expect(runtime.supports).toContain('stream')
    const history = await execute(runtime, plan, { transport: 'http' })
    expect(filterEvents(history, 'update').map(({ update }) => update)).toContainEqual(
      expect.objectContaining({ kind: 'text' }),
    )
    expect(filterEvents(history, 'hook')).toMatchObject([
      { run: 'c0.t0', name: 'before_run', agent: 'agent' },
    ])
    expect(filterEvents(history, 'run.end')).toMatchObject([
      { outcome: { status: 'completed', text: 'canary-0.0.1-00000003 Good day' } },
    ])
  })

  it('gives the same history for the same plan, drawn ones too', async () => {
    const runtime = await tiny()
    const few = { min: 1, max: 2 }
    const some = arbitraryPlans({ supports: runtime.supports, conversations: few, turns: few, wire: false })
    await fc.assert(
      fc.asyncProperty(some, async (plan) => {
        const [first, second] = [
          await execute(runtime, plan, { transport: 'http' }),
          await execute(runtime, plan, { transport: 'http' }),
        ]
        expect(computeDigest(second)).toBe(computeDigest(first))
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
    [
      'mute',
      /^open\(\) was rejected: AdapterFault: the driver is gone: it did not open its first plan within 2 s$/,
    ],
  ])('that says something else, or nothing, is at fault: %s', async (fault, message) => {
    const runtime = await tiny(fault, fault === 'mute' ? 2_000 : undefined)
    const error = await execute(runtime, plan, impatient).catch((error) => error)
    expect(error).toBeInstanceOf(AdapterFault)
    expect(error.message).toMatch(message)
    expect(await outcomes(runtime)).toMatchObject([{ status: 'completed' }])
  })

  it('whose run never ends has a run that hangs, however long it would wait', async () => {
    const history = await execute(await tiny('stalls'), plan, { transport: 'http', patience: 1000 })
    expect(filterEvents(history, 'run.end')).toMatchObject([{ outcome: { status: 'hung' } }])
  })

  it('that is busy for ever has a run that hangs, is ended, and started again', async () => {
    const runtime = await tiny('blocks')
    const history = await execute(runtime, plan, impatient)
    expect(filterEvents(history, 'run.end')).toMatchObject([{ outcome: { status: 'hung' } }])
    expect(await outcomes(runtime)).toMatchObject([{ status: 'completed' }])
  })

  it('that tried to get somewhere while it was loaded has done so for each plan', async () => {
    const runtime = await tiny('reaches')
    for (const _ of [1, 2])
      expect(filterEvents(await execute(runtime, plan, { transport: 'http' }), 'noise')).toMatchObject([
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

  it('that never says ready is ended with all that it started, and the bound is named', async () => {
    const { command, pids } = await stubborn()
    await expect(startRemote('none', command, 3_000)).rejects.toThrow(
      /^the driver ended before it was ready: it did not say ready within 3 s/,
    )
    expect(await gone(await pids())).toBe(true)
  })

  it('that ends by itself leaves no child behind, even one that holds its pipes', async () => {
    const { command, pids } = await stubborn('exits')
    await expect(startRemote('none', command)).rejects.toThrow(/ended before it was ready: exit code 3/)
    expect(await gone(await pids())).toBe(true)
  })

  it('that ignores the end of its stdin ends when our process is killed, with all that it started', async () => {
    const { command, pids } = await stubborn()
    const module = new URL('./remote-runtime.ts', import.meta.url).href
    const worker = spawn(process.execPath, [
      '--input-type=module',
      '-e',
      `const { startRemote } = await import(${JSON.stringify(module)})
      startRemote('none', ${JSON.stringify(command)}).catch(() => {})`,
    ])
    const began = await pids()
    worker.kill('SIGKILL')
    expect(await gone(began)).toBe(true)
  })
})
