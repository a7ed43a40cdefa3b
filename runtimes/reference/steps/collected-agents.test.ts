import v8 from 'node:v8'
import vm from 'node:vm'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { filterEvents } from '../../../harness/contract/events.ts'
import type { Runtime } from '../../../harness/contract/runtime.ts'
import { execute } from '../../../harness/execute/execute.ts'
import { listSpans } from '../../../harness/history/spans.ts'
import type { Plan, Turn } from '../../../harness/plan/types.ts'
import { runtime, runtimeOf } from '../adapter.ts'
import kept from '../defects/agents-kept-in-a-map.ts'

const turn: Turn = { say: 'Hi.', stream: true, answers: [], target: 'same', pull: 'same-context' }
const stopped: Turn = { ...turn, stop: { how: 'abort', after: { updates: 1 } } }

/** The agent is built anew before the second turn and the last; some of its runs are stopped. */
const plan: Plan = {
  schema: 1,
  seed: 'agents of one name',
  team: [{ name: 'agent', instructions: 'Be brief.', tools: [], handoffs: [] }],
  conversations: [
    {
      session: 'history',
      store: true,
      turns: [turn, { ...stopped, target: 'fresh-workflow' }, turn, { ...turn, target: 'fresh-workflow' }],
    },
    { session: 'history', store: true, turns: [stopped, turn] },
  ],
  delivery: [0, 1, 1, 0, 0, 1],
  mode: { start: 'on' },
}

const ran = (subject: Runtime) => execute(subject, plan, { transport: 'fetch' })

describe('agents of one name after one another', () => {
  beforeAll(() => {
    vi.stubEnv('NODE_ENV', 'production')
    v8.setFlagsFromString('--expose-gc')
    vi.stubGlobal('gc', vm.runInNewContext('gc'))
  })

  it('begin without anything of those before them: each registers its own hooks, and each round has a step', async () => {
    const history = await ran(runtime)
    const registered = filterEvents(history, 'registration').filter(({ at }) => at === 'register')
    expect(new Set(registered.map(({ instance }) => instance))).toEqual(new Set([0, 1, 2]))
    const steps = listSpans(history).filter(({ started }) => started.name === 'react step')
    expect(steps).toHaveLength(filterEvents(history, 'request').length)
  })

  it('are collected once they are replaced', async () => {
    expect(filterEvents(await ran(runtime), 'collection')).toMatchObject([{ held: [] }])
  })

  it('are seen where an entry keeps them', async () => {
    expect(filterEvents(await ran(runtimeOf(kept.parts)), 'collection')).toMatchObject([{ held: [0, 1, 2] }])
  })
})
