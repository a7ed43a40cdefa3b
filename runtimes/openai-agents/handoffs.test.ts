import { describe, expect, it, vi } from 'vitest'
import type { AgentSpec, SessionMode } from '../../harness/plan/types.ts'
import type { Answer } from '../../mocks/service/types.ts'

// Under any other value the SDK switches its tracing off without a word.
vi.stubEnv('NODE_ENV', 'production')
const { agent, openStage, says } = await import('./testing/stage.ts')

const member = (name: string, ...handoffs: string[]): AgentSpec => ({
  ...agent,
  name,
  instructions: `You are the ${name}.`,
  handoffs,
})
const team = [
  member('coordinator', 'researcher', 'summariser'),
  member('researcher', 'coordinator'),
  member('summariser'),
]
const hands = (...to: string[]): Answer => ({
  items: [{ type: 'text', text: `over to ${to[0]}` }, ...to.map((to) => ({ type: 'handoff' as const, to }))],
})

const sessions: SessionMode[] = ['history', 'previous-response', 'conversation-object', 'runtime-default']

describe.each(sessions)('agents that hand a conversation to one another, carried by %s', (session) => {
  it.each([true, false])('are told, and go on where the last run ended (streamed: %s)', async (stream) => {
    const stage = await openStage(
      [
        hands('researcher'),
        hands('coordinator'),
        hands('summariser', 'researcher'),
        says('done'),
        says('again'),
      ],
      { team },
    )
    const first = await stage.turn(0, { session, stream })
    const second = await stage.turn(1, { session, stream, target: 'fresh-workflow' })
    await stage.close()
    expect(first.outcome).toMatchObject({ status: 'completed', text: 'done', agent: 'summariser' })
    expect(second.outcome).toMatchObject({ status: 'completed', text: 'again', agent: 'summariser' })
    expect(stage.handoffs.map(({ run, from, to }) => `${run} ${from} -> ${to}`)).toEqual([
      'c0.t0 coordinator -> researcher',
      'c0.t0 researcher -> coordinator',
      'c0.t0 coordinator -> summariser',
    ])
    expect(first.outcome.transcript?.map(({ author, text }) => `${author}: ${text}`)).toEqual([
      'user: say 0',
      'coordinator: over to researcher',
      'researcher: over to coordinator',
      'coordinator: over to summariser',
      'summariser: done',
    ])
    expect(second.outcome.transcript?.map(({ author }) => author)).toEqual(['user', 'summariser'])
  })
})

// A conversation object keeps the open call of the handoff, and refuses the next turn: see known.yaml.
it.each(sessions.filter((session) => session !== 'conversation-object'))(
  'after a run that failed the agent before it has the conversation (%s)',
  async (session) => {
    const stage = await openStage(
      [hands('summariser'), { ...says('lost'), faults: [{ kind: 'http', status: 400 }] }, says('found')],
      { team },
    )
    const spoiled = await stage.turn(0, { session })
    const next = await stage.turn(1, { session })
    await stage.close()
    expect(spoiled.outcome.status).toBe('failed')
    expect(next.outcome).toMatchObject({ status: 'completed', text: 'found', agent: 'coordinator' })
  },
)
