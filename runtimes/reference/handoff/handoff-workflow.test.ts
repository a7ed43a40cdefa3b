import { describe, expect, it } from 'vitest'
import type { Answer } from '../../../mocks/service/types.ts'
import type { MemoryKind } from '../session.ts'
import { createStage, type Stage } from '../testing/stage.ts'
import { HandoffBuilder } from './handoff-builder.ts'
import type { HandoffWorkflow, WorkflowEvent } from './handoff-workflow.ts'

const text = (said: string): Answer => ({ items: [{ type: 'text', text: said }] })
const handoff = (to: string, said = `I leave it to the ${to}.`): Answer => ({
  items: [
    { type: 'text', text: said },
    { type: 'handoff', to },
  ],
})

/** A coordinator that leaves work to a researcher and a summariser, who give it back. */
function workflowOf(stage: Stage): HandoffWorkflow {
  const [coordinator, researcher, summariser] = ['coordinator', 'researcher', 'summariser'].map((name) =>
    stage.agent({ name, instructions: `You are the ${name}.` }),
  ) as [ReturnType<Stage['agent']>, ReturnType<Stage['agent']>, ReturnType<Stage['agent']>]
  return new HandoffBuilder({
    participants: [coordinator, researcher, summariser],
    terminationCondition: (conversation) =>
      conversation.filter(({ author }) => author === 'coordinator').length >= 4,
  })
    .withStartAgent(coordinator)
    .addHandoff(coordinator, [researcher, summariser])
    .addHandoff(researcher, [coordinator])
    .addHandoff(summariser, [coordinator])
    .withAutonomousMode({ turnLimits: { coordinator: 2, researcher: 2, summariser: 2 } })
    .build()
}

async function eventsOf(run: AsyncIterable<WorkflowEvent>): Promise<WorkflowEvent[]> {
  const events: WorkflowEvent[] = []
  for await (const event of run) events.push(event)
  return events
}

const cycle = [
  handoff('researcher'),
  handoff('coordinator', 'Frameworks are many.'),
  handoff('summariser'),
  handoff('coordinator', 'Many.'),
  text('It is summed up.'),
  text('That is all.'),
]

const memories: MemoryKind[] = ['history', 'previous-response', 'conversation-object']

describe.each(memories)('a workflow that keeps its conversation by %s', (memory) => {
  it('shows every agent the whole conversation at each activation, and nothing is refused', async () => {
    const stage = await createStage(cycle)
    const workflow = workflowOf(stage)
    const session = workflow.createSession(memory)
    const run = workflow.run('Research frameworks.', { session })
    const events = await eventsOf(run)
    expect(stage.refused).toEqual([])
    expect(events.filter(({ type }) => type === 'handoff_sent')).toEqual([
      { type: 'handoff_sent', source: 'coordinator', target: 'researcher' },
      { type: 'handoff_sent', source: 'researcher', target: 'coordinator' },
      { type: 'handoff_sent', source: 'coordinator', target: 'summariser' },
      { type: 'handoff_sent', source: 'summariser', target: 'coordinator' },
    ])
    const { transcript, agent } = await run.getFinalResponse()
    expect(agent).toBe('coordinator')
    expect(transcript.map(({ author, text }) => `${author}: ${text}`)).toEqual([
      'user: Research frameworks.',
      'coordinator: I leave it to the researcher.',
      'researcher: Frameworks are many.',
      'coordinator: I leave it to the summariser.',
      'summariser: Many.',
      'coordinator: It is summed up.',
      'coordinator: That is all.',
    ])
    const shown = stage.contexts.map((context) => JSON.stringify(context))
    for (const [at, context] of shown.entries())
      for (const { text } of transcript.slice(0, at + 1)) expect(context.split(text)).toHaveLength(2)
  })

  it('goes on in a second run of the same workflow, with whoever has the conversation', async () => {
    const stage = await createStage([handoff('researcher'), text('Frameworks are many.'), text('Quite.')])
    const workflow = workflowOf(stage)
    const session = workflow.createSession(memory)
    const first = await workflow.run('Research frameworks.', { session }).getFinalResponse()
    expect(first.agent).toBe('researcher')
    stage.answer([text('Indeed.'), text('So it is.')])
    const second = await workflow.run('And more?', { session }).getFinalResponse()
    expect(second.agent).toBe('researcher')
    expect(stage.refused).toEqual([])
    const last = JSON.stringify(stage.contexts.at(-1))
    for (const said of ['Research frameworks.', 'Frameworks are many.', 'And more?', 'Indeed.'])
      expect(last.split(said)).toHaveLength(2)
  })

  it('hands over what was said in a form that the service takes, also after an answer that ended incomplete', async () => {
    const thinks: Answer = {
      items: [
        { type: 'reasoning', summary: [], encrypted: true },
        { type: 'text', text: 'I think it over.' },
        { type: 'handoff', to: 'researcher' },
      ],
    }
    const cutShort: Answer = {
      items: [{ type: 'text', text: 'Frameworks are' }],
      faults: [{ kind: 'incomplete', at: 99, reason: 'max_output_tokens' }],
    }
    const stage = await createStage([thinks, cutShort])
    const workflow = workflowOf(stage)
    const session = workflow.createSession(memory)
    const first = await workflow.run('Research frameworks.', { session }).getFinalResponse()
    expect([first.status, first.agent]).toEqual(['incomplete', 'researcher'])
    stage.answer([handoff('coordinator', 'I give up.'), text('So be it.'), text('Indeed.')])
    const second = await workflow.run('Go on.', { session }).getFinalResponse()
    expect(stage.refused).toEqual([])
    expect(second.agent).toBe('coordinator')
    const last = stage.contexts.at(-1) ?? []
    expect(last.filter(({ type }) => type === 'reasoning' || type === 'function_call')).toEqual([])
    expect(JSON.stringify(last)).toContain('I think it over.')
  })

  it('is as before a turn that failed, and the next one is accepted', async () => {
    const stage = await createStage([
      handoff('researcher'),
      { items: [{ type: 'text', text: 'never' }], faults: [{ kind: 'failed', at: 3, code: 'server_error' }] },
    ])
    const workflow = workflowOf(stage)
    const session = workflow.createSession(memory)
    await expect(workflow.run('Research frameworks.', { session }).getFinalResponse()).rejects.toThrow()
    stage.answer([text('Hello.'), text('Still here.')])
    const { transcript } = await workflow.run('Hello?', { session }).getFinalResponse()
    expect(stage.refused).toEqual([])
    expect(transcript.map(({ text }) => text)).toEqual(['Hello?', 'Hello.', 'Still here.'])
  })
})

describe('a workflow', () => {
  it('runs plain calls beside a handoff, and pairs each call with its output', async () => {
    const stage = await createStage([
      {
        items: [
          { type: 'call', tool: 'look_up', args: { value: 'frameworks' } },
          { type: 'handoff', to: 'researcher' },
        ],
      },
      text('Many.'),
    ])
    const parameters = { type: 'object', properties: { value: { type: 'string' } } }
    const calls: unknown[] = []
    const look_up = {
      name: 'look_up',
      parameters,
      invoke: (args: unknown) => {
        calls.push(args)
        return 'found'
      },
    }
    const coordinator = stage.agent({ name: 'coordinator', tools: [look_up] })
    const researcher = stage.agent({ name: 'researcher' })
    const workflow = new HandoffBuilder({ participants: [coordinator, researcher] })
      .addHandoff(coordinator, [researcher])
      .build()
    await workflow.run('Research.').getFinalResponse()
    expect(calls).toEqual([{ value: 'frameworks' }])
    expect(stage.refused).toEqual([])
    expect(JSON.stringify(stage.contexts.at(-1))).toContain('found')
    expect(JSON.stringify(stage.contexts.at(-1))).not.toContain('handoff_to_')
  })

  it('ends although its agents only hand on to one another', async () => {
    const stage = await createStage([
      { ...handoff('pong'), agent: 'You are ping.', always: true },
      { ...handoff('ping'), agent: 'You are pong.', always: true },
    ])
    const ping = stage.agent({ name: 'ping', instructions: 'You are ping.' })
    const pong = stage.agent({ name: 'pong', instructions: 'You are pong.' })
    const workflow = new HandoffBuilder({ participants: [ping, pong] })
      .addHandoff(ping, [pong])
      .addHandoff(pong, [ping])
      .build()
    await expect(workflow.run('Begin.').getFinalResponse()).rejects.toThrow(/more than 64 handoffs/)
  })

  it('refuses agents that take no part', async () => {
    const stage = await createStage([])
    const [one, other] = [stage.agent({ name: 'one' }), stage.agent({ name: 'other' })]
    const builder = new HandoffBuilder({ participants: [one] })
    expect(() => builder.withStartAgent(other)).toThrow(/other is not a participant/)
    expect(() => builder.addHandoff(one, [other])).toThrow(/other is not a participant/)
    expect(() => new HandoffBuilder({ participants: [] }).build()).toThrow(/no participants/)
  })
})
