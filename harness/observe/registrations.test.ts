import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { HistoryEvent } from '../contract/events.ts'
import { createPlan, createTurn } from '../execute/testing/scripted.ts'
import type { Plan, Sabotage } from '../plan/types.ts'
import { exposeGarbageCollection } from './garbage.ts'
import { recordAndBreakRegistrations } from './registrations.ts'

const HOOKS = ['preReasoning', 'postReasoning']

function watched(sabotage?: Sabotage, turns: Plan['conversations'][number]['turns'] = [createTurn()]) {
  const history: HistoryEvent[] = []
  const mode = { start: 'on' as const, ...(sabotage ? { sabotage } : {}) }
  const registrations = recordAndBreakRegistrations(
    (event) => history.push(event),
    createPlan([turns], { mode }),
  )
  const tell = (of: object, at: 'register' | 'remove' | 'release', hook?: string) =>
    registrations.report({ at, agent: 'agent', of, ...(hook === undefined ? {} : { hook }) })
  return { history, registrations, tell }
}

function leftIn(history: readonly HistoryEvent[]): string[] {
  return history.flatMap((event) => (event.kind === 'left-open' ? [`${event.what}: ${event.message}`] : []))
}

describe('what telemetry registers', () => {
  it('is told, each agent by a number of its own, and what is not given back is left open', () => {
    const { history, registrations, tell } = watched()
    const [one, other] = [{}, {}]
    for (const hook of HOOKS) tell(one, 'register', hook)
    for (const hook of HOOKS) tell(other, 'register', hook)
    tell(other, 'register', 'preReasoning')
    for (const hook of HOOKS) tell(one, 'remove', hook)
    tell(one, 'release')
    expect(history[2]).toEqual({
      kind: 'registration',
      at: 'register',
      agent: 'agent',
      instance: 1,
      hook: 'preReasoning',
    })
    registrations.close()
    expect(leftIn(history)).toEqual([
      'hook: preReasoning of agent agent (number 1), 2 times',
      'hook: postReasoning of agent agent (number 1)',
    ])
  })

  it('is not taken where the plan says so: then it is not there to be given back', () => {
    const { history, registrations, tell } = watched({ part: 'hook-register', does: 'throw', nth: 1 })
    const agent = {}
    expect(tell(agent, 'register', 'preReasoning')).toBeUndefined()
    expect(() => tell(agent, 'register', 'postReasoning')).toThrow('postReasoning of agent is not taken')
    expect(tell(agent, 'register', 'preActing')).toBeUndefined()
    tell(agent, 'remove', 'preReasoning')
    registrations.close()
    expect(leftIn(history)).toEqual(['hook: preActing of agent agent (number 0)'])
  })

  it('is lost where the plan says so', () => {
    const { history, registrations, tell } = watched({ part: 'hook-lost', does: 'drop', nth: 0 })
    expect(HOOKS.map((hook) => tell({}, 'register', hook))).toEqual(['lose', undefined])
    registrations.close()
    expect(leftIn(history)).toHaveLength(1)
  })

  it('is released twice where the plan says so', () => {
    const { history, tell } = watched({ part: 'hook-release', does: 'repeat', nth: 1 })
    const agent = {}
    expect(tell(agent, 'register', 'preReasoning')).toBeUndefined()
    expect([tell(agent, 'release'), tell(agent, 'release')]).toEqual([undefined, 'repeat'])
    expect(history.at(-1)).toMatchObject({ at: 'release', sabotage: 'repeat' })
  })
})

describe('agents that were replaced', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
  })

  const fresh = [createTurn({ target: 'fresh-workflow' })]

  /** Tells of so many agents of one name, and keeps those. */
  function told({ tell }: ReturnType<typeof watched>, keep: readonly boolean[]): object[] {
    return keep.flatMap((keeps) => {
      const agent = {}
      tell(agent, 'release')
      return keeps ? [agent] : []
    })
  }

  it.each<[readonly boolean[], number[]]>([
    [[false, true], []],
    [[true, false, false], []],
    [
      [true, false, true],
      [0, 2],
    ],
  ])('are held where there is more than one of a name: %j', async (keep, held) => {
    onTestFinished(exposeGarbageCollection())
    const desk = watched(undefined, fresh)
    const kept = told(desk, keep)
    await desk.registrations.collect({})
    expect(desk.history.at(-1)).toEqual({ kind: 'collection', held })
    expect(kept).toHaveLength(keep.filter(Boolean).length)
  })

  it('cannot be told where garbage is not collected on purpose, which is said', async () => {
    vi.stubGlobal('gc', undefined)
    const { history, registrations } = watched(undefined, fresh)
    await registrations.collect({})
    expect(history).toEqual([{ kind: 'collection', held: null }])
  })

  it('are not asked for where a plan builds none anew', async () => {
    const { history, registrations } = watched()
    await registrations.collect({})
    expect(history).toEqual([])
  })
})
