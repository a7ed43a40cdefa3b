import { Console } from 'node:console'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { HistoryEvent } from '../contract/events.ts'
import { filterEvents, type History } from '../contract/events.ts'
import {
  createPlan,
  createScriptedRuntime,
  createTurn,
  listRunEnds,
  runPlan,
} from '../execute/testing/scripted.ts'

/** A run that does something to its process, once its answer has come. */
const noisy = (does: () => unknown) =>
  createScriptedRuntime(async function* () {
    yield { kind: 'text', text: 'before' }
    await does()
    return 'after'
  })

const plan = createPlan([[createTurn()]])

async function noiseOf(does: () => unknown): Promise<{ noise: string[]; ends: string[]; history: History }> {
  const history = await runPlan(noisy(does), plan)
  const noise = filterEvents(history, 'noise').map(({ what, message }) => `${what}: ${message}`)
  return { noise, ends: listRunEnds(history), history }
}

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

const turns = (count: number) =>
  new Promise<void>((resolve) => {
    const turn = (left: number) => (left === 0 ? resolve() : setImmediate(turn, left - 1))
    turn(count)
  })

const failed = new TypeError('of nobody')

describe('what a runtime does to its process', () => {
  it.each<[string, () => unknown, string]>([
    ['a rejection that nobody handles', () => void Promise.reject(failed), 'rejection: TypeError: of nobody'],
    ['a rejection with no error', () => void Promise.reject(undefined), 'rejection: undefined'],
    [
      'an exception that nobody catches',
      () =>
        setImmediate(() => {
          throw failed
        }),
      'exception: TypeError: of nobody',
    ],
    [
      'an exception in a timer',
      () => {
        setTimeout(() => {
          throw failed
        }, 1_000)
        return sleep(2_000)
      },
      'exception: TypeError: of nobody',
    ],
    ['a warning', () => process.emitWarning('careful'), 'warning: Warning: careful'],
    ['what it logs', () => new Console(process.stdout).log('said'), 'stdout: said\n'],
    ['what it writes to stdout', () => process.stdout.write(Buffer.from('said')), 'stdout: said'],
    ['what it writes to stderr', () => process.stderr.write('said'), 'stderr: said'],
  ])('is told: %s', async (_, does, told) => {
    const { noise, ends } = await noiseOf(does)
    expect(noise).toEqual([told])
    expect(ends).toEqual(['c0.t0 completed'])
  })

  it('is told: a wish to exit, which is not granted and throws where it was uttered', async () => {
    const { noise, ends } = await noiseOf(() => process.exit(3))
    expect(noise).toEqual(['exit: process.exit(3) was called'])
    expect(ends).toEqual(['c0.t0 failed'])
  })

  it('is told: a wish to exit of a whole adapter, and nothing of what came of it', async () => {
    const leaving = createScriptedRuntime(undefined, { open: () => process.exit() })
    expect(await runPlan(leaving, plan)).toEqual([
      { kind: 'noise', what: 'exit', message: 'process.exit() was called' },
    ])
  })

  it.each<[string, () => unknown]>([
    ['fetch', () => fetch('http://192.0.2.1:8080/collect').catch(() => undefined)],
    ['net', () => new Promise((resolve) => connect(8080, '192.0.2.1').once('error', resolve))],
    [
      'net with options',
      () => new Promise((resolve) => connect({ port: 8080, host: '192.0.2.1' }).once('error', resolve)),
    ],
  ])('is told: a connection to elsewhere by %s, which is never made', async (_, does) => {
    const { noise, ends } = await noiseOf(does)
    expect(noise).toEqual(['egress: 192.0.2.1:8080'])
    expect(ends).toEqual(['c0.t0 completed'])
  })

  it('is told over every transport where it asks its own service what that does not know', async () => {
    const elsewhere = createScriptedRuntime(async function* ({ world }) {
      yield { kind: 'text', text: '' }
      await (world.fetch ?? fetch)('https://elsewhere.invalid/collect', { method: 'POST' }).catch(
        () => undefined,
      )
      return ''
    })
    for (const transport of ['fetch', 'intercept', 'http'] as const) {
      const [first, ...others] = filterEvents(await runPlan(elsewhere, plan, transport), 'noise')
      expect([first?.what, others], transport).toEqual(['egress', []])
      expect(first?.message).toContain('elsewhere.invalid')
    }
  })

  it('is told in the step in which it was seen, 32 times of one kind at most, and short', async () => {
    const { history } = await noiseOf(() => {
      for (let line = 0; line < 1_000; line++) process.stdout.write('x'.repeat(10_000))
      process.stderr.write('and this')
    })
    const noise = filterEvents(history, 'noise')
    expect(noise.map(({ what }) => what)).toEqual([...Array(32).fill('stdout'), 'stderr'])
    expect(noise[0]?.message).toHaveLength(2_000)
  })

  it('calls back whoever waits for what he wrote', async () => {
    const { noise, ends } = await noiseOf(
      () => new Promise((resolve) => process.stdout.write('a', 'utf8', resolve)),
    )
    expect([noise, ends]).toEqual([['stdout: a'], ['c0.t0 completed']])
  })
})

const HEARD = ['unhandledRejection', 'uncaughtException', 'warning']

/** Everything of the process that is held while a plan runs. */
function processNow() {
  return {
    listeners: HEARD.map((event) => process.rawListeners(event)),
    replaced: [
      process.exit,
      process.stdout.write,
      process.stderr.write,
      Math.random,
      setTimeout,
      setInterval,
      Date,
      performance.now,
    ],
  }
}

describe('the process', () => {
  it('is as before when a plan has ended, however it ended', async () => {
    const own = HEARD.map((event) => [event, () => {}] as const)
    for (const [event, listener] of own) process.on(event, listener)
    const before = processNow()
    expect(before.listeners.every((listeners) => listeners.length > 0)).toBe(true)
    const breaking: (() => unknown)[] = [
      () => undefined,
      () => process.exit(1),
      () => void Promise.reject(failed),
      () => new Promise(() => {}),
    ]
    for (const does of breaking)
      for (const transport of ['fetch', 'intercept'] as const) {
        await runPlan(noisy(does), plan, transport)
        await turns(5)
        expect(processNow()).toEqual(before)
      }
    await expect(runPlan({ ...noisy(() => {}), open: () => Promise.reject(failed) }, plan)).rejects.toThrow()
    expect(processNow()).toEqual(before)
    for (const [event, listener] of own) process.removeListener(event, listener)
  })

  it('draws the same numbers for the same seed, and others for another', async () => {
    const drawing = async (seed: string) => {
      const { history } = {
        history: await runPlan(
          noisy(() => process.stdout.write(String(Math.random()))),
          { ...plan, seed },
        ),
      }
      return filterEvents(history, 'noise')[0]?.message
    }
    expect(await drawing('one')).toBe(await drawing('one'))
    expect(await drawing('one')).not.toBe(await drawing('two'))
  })
})

describe('what is left open', () => {
  const leftBy = async (does: () => unknown): Promise<Extract<HistoryEvent, { kind: 'left-open' }>[]> =>
    filterEvents((await noiseOf(does)).history, 'left-open')

  it('is nothing where a run leaves nothing', async () => {
    expect(await leftBy(() => clearTimeout(setTimeout(() => {}, 10)))).toEqual([])
  })

  it('is a timer that is still set', async () => {
    const left = await leftBy(() => setInterval(() => {}, 60_000))
    expect(left).toMatchObject([{ what: 'timer', message: '1 timers are still set' }])
  })

  it('is a listener of the process', async () => {
    const listener = () => {}
    try {
      const left = await leftBy(() => process.on('SIGUSR2', listener))
      expect(left).toMatchObject([{ what: 'listener', message: '1 listeners of process "SIGUSR2"' }])
    } finally {
      process.removeListener('SIGUSR2', listener)
    }
  })
})
