import { describe, expect, it } from 'vitest'
import { openGates } from './gates.ts'

/** Returns gates of one conversation, and a list of those that were let through. */
function openOne() {
  const gates = openGates(1)
  const passed: (string | number)[] = []
  const arrive = (who: string | number, run?: string, outlives?: 'outlives') => {
    const waits = gates.arrive(0, who, run, outlives)
    if (waits === undefined) passed.push(who)
    else void waits.then(() => passed.push(who))
  }
  return { gates, passed, arrive }
}

const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('what a run leaves at its gates when it is over', () => {
  it('waits apart, whether it came before or comes later', async () => {
    const { gates, passed, arrive } = openOne()
    arrive(1, 'c0.t0')
    gates.endRun(0, 'c0.t0')
    expect(gates.standingOf(0)).toBe('running')
    arrive(2, 'c0.t1')
    arrive(3, 'c0.t0')
    gates.open(0)
    gates.open(0)
    await settle()
    expect(passed).toEqual([2])
    expect(gates.openLeftBehind()).toBe(0)
    await settle()
    expect(passed).toEqual([2, 1])
  })

  it('stays there when the conversation ends, while others pass, and until it is released', async () => {
    const { gates, passed, arrive } = openOne()
    gates.endRun(0, 'c0.t0')
    gates.end(0)
    arrive(1, 'c0.t0')
    arrive(2)
    await settle()
    expect(passed).toEqual([2])
    expect(gates.release(0)).toBe(true)
    await settle()
    arrive(3, 'c0.t0')
    await settle()
    expect(passed).toEqual([2, 1, 3])
    expect(gates.release(0)).toBe(false)
  })

  it('can be left by itself', async () => {
    const { gates, passed, arrive } = openOne()
    arrive(1, 'c0.t0')
    gates.endRun(0, 'c0.t0')
    gates.leave(0, 1)
    await settle()
    expect(passed).toEqual([1])
    expect(gates.openLeftBehind()).toBeUndefined()
  })

  it('holds the conversation no more', () => {
    const { gates } = openOne()
    gates.hold(0, 'tool', 'c0.t0')
    expect(gates.standingOf(0)).toBe('held')
    gates.endRun(0, 'c0.t0')
    expect(gates.standingOf(0)).toBe('running')
    gates.hold(0, 'another tool', 'c0.t0')
    expect(gates.standingOf(0)).toBe('running')
    gates.hold(0, 'tool', 'c0.t1')
    expect(gates.standingOf(0)).toBe('held')
  })
})

describe('a tool call that ignores its signal', () => {
  it('stays at its gate when its run is over, but says nothing about the next run', () => {
    const { gates, arrive } = openOne()
    arrive('tool', 'c0.t0', 'outlives')
    expect(gates.hasOnlyOutliving(0)).toBe(false)
    gates.endRun(0, 'c0.t0')
    expect(gates.standingOf(0)).toBe('at-gate')
    expect(gates.hasOnlyOutliving(0)).toBe(true)
    arrive(1, 'c0.t1')
    expect(gates.hasOnlyOutliving(0)).toBe(false)
  })
})
