import { describe, expect, it } from 'vitest'
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
