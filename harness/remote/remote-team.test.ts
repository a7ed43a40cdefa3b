import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Run, Team, World } from '../contract/runtime.ts'
import type { DriverListener, DriverProcess } from './driver-process.ts'
import type { FromDriver, ToDriver } from './protocol.ts'
import { openRemoteTeam } from './remote-team.ts'

/** A team in a driver that is silent but for what the test has it say, line after line, as one that is read. */
async function teamOf(tool: World['tool']) {
  const sent: ToDriver['type'][] = []
  let ears: DriverListener | undefined
  const driver = {
    engaged: false,
    alive: true,
    reachedFor: [],
    heardBy: (by: DriverListener) => {
      ears = by
    },
    send(message: ToDriver) {
      sent.push(message.type)
      if (message.type === 'open') ears?.hear({ type: 'opened' })
    },
    kill: () => {},
  } as unknown as DriverProcess
  const world = { team: [], baseURL: '', apiKey: '', telemetry: { mode: { start: 'off' } }, tool }
  const remote = {
    seed: '',
    bound: 1_000,
    consumed: () => ({ pull: 'same-context' }),
    on: () => null,
    tell() {},
  }
  const team: Team = await openRemoteTeam(
    driver,
    world as unknown as World,
    remote as unknown as NonNullable<World['remote']>,
  )
  const run: Run = team.start({
    ...{ run: 'c0.t0', conversation: 0, turn: 0, input: '', stream: true, session: 'history', store: true },
    ...{ target: 'same', signal: new AbortController().signal },
  })
  const says = async (...messages: FromDriver[]) => {
    for (const message of messages) await ears?.hear(message)
  }
  return { team, run, says, sent }
}

const call: FromDriver = { type: 'tool.call', call: 0, run: 'c0.t0', name: 'wait', args: {} }

describe('a team in another process', () => {
  it('has a tool that is cancelled end before the end of its run is heard', async () => {
    const seen: string[] = []
    const { run, says } = await teamOf(async ({ signal }) => {
      await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()))
      for (let later = 0; later < 5; later++) await Promise.resolve()
      seen.push('the tool ended')
      return null
    })
    const outcome = run.outcome().then(({ status }) => seen.push(`the run ${status}`))
    await says(
      call,
      { type: 'tool.cancel', call: 0 },
      { type: 'outcome', run: 'c0.t0', outcome: { status: 'stopped', text: '' } },
    )
    await outcome
    expect(seen).toEqual(['the tool ended', 'the run stopped'])
  })

  it('counts what it was told that it may answer to, and no questions', async () => {
    const { team, run, says, sent } = await teamOf(async () => 'sunny')
    const before = team.told?.() ?? Number.NaN
    await says(call)
    run.updates[Symbol.asyncIterator]().next()
    void team.quiet?.()
    await says()
    expect(sent).toEqual(['open', 'start', 'tool.result', 'pull', 'quiet'])
    expect(team.told?.()).toBe(before + 2)
  })
})

describe('a driver that takes long to open a plan', () => {
  afterEach(() => void vi.useRealTimers())

  const [BOUND, FIRST] = [1_000, 120_000]

  /** Opens a plan in a driver that answers only when the test lets it. */
  function open(hasOpened: boolean) {
    vi.useFakeTimers()
    let ears: DriverListener | undefined
    const driver = {
      hasOpened,
      firstOpenMs: FIRST,
      alive: true,
      reachedFor: [],
      heardBy: (by: DriverListener) => {
        ears = by
      },
      send() {},
      kill: (why: string) => ears?.gone(why, false),
    } as unknown as DriverProcess
    const world = { team: [], baseURL: '', apiKey: '', telemetry: { mode: { start: 'off' } } }
    const remote = { seed: '', bound: BOUND, tell() {} }
    const opened = openRemoteTeam(
      driver,
      world as unknown as World,
      remote as unknown as NonNullable<World['remote']>,
    )
    opened.catch(() => {})
    return { driver, opened, answers: () => ears?.hear({ type: 'opened' }) }
  }

  it('has time for its imports at its first plan, and no longer', async () => {
    const slow = open(false)
    await vi.advanceTimersByTimeAsync(FIRST - 1)
    slow.answers()
    await expect(slow.opened).resolves.toBeDefined()
    expect(slow.driver.hasOpened).toBe(true)
    const silent = open(false)
    await vi.advanceTimersByTimeAsync(FIRST)
    await expect(silent.opened).rejects.toThrow('it did not open its first plan within 120 s')
  })

  it('has the bound of a plan at each later plan', async () => {
    const { opened } = open(true)
    await vi.advanceTimersByTimeAsync(BOUND)
    await expect(opened).rejects.toThrow('it did not open a plan within 1 s')
  })
})
