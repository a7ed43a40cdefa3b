import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import type { Pull } from '../../harness/plan/types.ts'
import { DriverProcess } from '../../harness/remote/driver-process.ts'
import type { FromDriver, ToDriver } from '../../harness/remote/protocol.ts'

const packages = fileURLToPath(new URL('.', import.meta.url))
const file = fileURLToPath(new URL('testing/held_runs.py', import.meta.url))
const env = { PATH: process.env['PATH'] ?? '', PYTHONPATH: packages, PYTHONDONTWRITEBYTECODE: '1' }

const RUN = 'c0.t0'
const open: ToDriver = {
  type: 'open',
  seed: '1',
  team: [],
  baseURL: 'http://127.0.0.1:9/v1',
  apiKey: 'none',
  mode: { start: 'on' },
}

let driver: DriverProcess | undefined
afterEach(() => driver?.kill('the test is over'))

/** Starts the driver. Returns functions that send messages and wait for answers. */
async function converse() {
  const started = new DriverProcess({ command: 'python3', args: ['-m', 'conformance_driver', file], env })
  driver = started
  await started.ready
  const heard: FromDriver[] = []
  let arrived = Promise.withResolvers<void>()
  const failed = Promise.withResolvers<never>()
  failed.promise.catch(() => {})
  started.heardBy({
    hear(message) {
      if (message.type === 'error') failed.reject(new Error(message.message))
      heard.push(message)
      arrived.resolve()
    },
    wrote() {},
    gone: (why) => failed.reject(new Error(`the driver is gone: ${why}`)),
  })
  let questions = 0

  /** Sends messages. Returns all messages of the driver until the first that `ends` accepts. */
  async function ask(messages: ToDriver[], ends: (message: FromDriver) => boolean): Promise<FromDriver[]> {
    for (const message of messages) started.send(message)
    for (;;) {
      const at = heard.findIndex(ends)
      if (at >= 0) return heard.splice(0, at + 1)
      arrived = Promise.withResolvers()
      await Promise.race([arrived.promise, failed.promise])
    }
  }

  return {
    until: (type: FromDriver['type'], ...messages: ToDriver[]) => ask(messages, (one) => one.type === type),
    /** Sends messages. Returns what the driver reports until it is idle. */
    async untilQuiet(...messages: ToDriver[]) {
      const number = questions++
      const told = await ask(
        [...messages, { type: 'quiet', number }],
        (one) => one.type === 'quiet' && one.number === number,
      )
      return told.slice(0, -1).map(describeMessage)
    },
    start: (pull: Pull): ToDriver => ({
      type: 'start',
      run: RUN,
      conversation: 0,
      turn: 0,
      input: 'Hello',
      stream: true,
      session: 'history',
      store: true,
      target: 'same',
      as: 'task',
      pull,
    }),
  }
}

/** Returns a message in a few words. */
function describeMessage(message: FromDriver): string {
  if (message.type === 'handoff') return message.to
  return message.type === 'update' ? `update ${JSON.stringify(message.update)}` : message.type
}

const update = (number: number) => `update {"kind":"text","text":"${number}"}`
const drop: ToDriver = { type: 'drop', run: RUN }
const pulls: Pull[] = [
  'same-context',
  'new-context-per-pull',
  'timeout-per-pull',
  'handed-over',
  'handed-over-midway',
  'iterate-then-final',
]

describe.each(pulls)('a run of a Python driver that is read with %s and dropped', (pull) => {
  it('is collected at once between two pulls, and nobody closes it', async () => {
    const { until, untilQuiet, start } = await converse()
    await until('opened', open)
    const pulled = await untilQuiet(start(pull), { type: 'pull', run: RUN, most: 2 })
    expect(pulled).toEqual([update(0), update(1)])
    expect(await untilQuiet(drop)).toEqual(['collected'])
    expect(await until('closed', { type: 'close' })).toMatchObject([{ type: 'closed', left: [] }])
  })

  it('is collected before its first pull', async () => {
    const { until, untilQuiet, start } = await converse()
    await until('opened', open)
    expect(await untilQuiet(start(pull), drop)).toEqual(['collected'])
  })

  it.each([
    ['gives its update', { value: 'done' }, [update(2), 'collected']],
    ['fails', { error: 'no' }, ['end', 'collected']],
  ])('is collected when the pull that was under way %s', async (_, result, told) => {
    const { until, untilQuiet, start } = await converse()
    await until('opened', open)
    const before = await until('tool.call', start(pull), { type: 'pull', run: RUN, most: 3 })
    const [call] = before.flatMap((one) => (one.type === 'tool.call' ? [one.call] : []))
    expect(await untilQuiet(drop)).toEqual([])
    expect(await untilQuiet({ type: 'tool.result', call: call ?? 0, ...result })).toEqual(told)
  })
})

describe('a plan of a Python driver that is over', () => {
  it('reports nothing in the next plan, and its tools fail', async () => {
    const { until } = await converse()
    expect(await until('opened', open)).toHaveLength(1)
    await until('closed', { type: 'close' })
    expect(await until('opened', open)).toEqual([{ type: 'opened' }])
  })
})
