import { describe, expect, it } from 'vitest'
import { filterEvents, type History } from '../../contract/events.ts'
import { addCanaries, buildCanary } from '../../plan/canary.ts'
import type { AgentSpec, Plan } from '../../plan/types.ts'
import {
  createAnswer,
  createPlan,
  createScriptedRuntime,
  createTurn,
  listKinds,
  listRunEnds,
  passOnText,
  runPlan,
  type Script,
} from '../testing/scripted.ts'

const two = addCanaries(createPlan([[createTurn()], [createTurn()]]))
const said = (plan: Plan, conversation: number) => plan.conversations[conversation]?.turns[0]?.say as string

/** Each conversation asks with this input in place of its own. */
const asking = (input: (plan: Plan, conversation: number) => string, plan = two) =>
  runPlan(
    createScriptedRuntime(async function* ({ client, request: { conversation }, signal }) {
      yield { kind: 'other', type: 'asks' }
      const body = { model: 'gpt-5.1', input: input(plan, conversation) }
      return (await client.responses.create(body, { signal })).output_text
    }),
    plan,
  )

const owners = (history: History) =>
  filterEvents(history, 'request').map(({ run, carries }) => [run, carries])

describe('a request is laid', () => {
  it('to the conversation whose canaries it carries', async () => {
    const history = await asking((plan, conversation) => said(plan, conversation))
    expect(owners(history).sort()).toEqual([
      ['c0.t0', [0]],
      ['c1.t0', [1]],
    ])
    expect(listRunEnds(history)).toHaveLength(2)
  })

  it('to the conversation of its canaries, also where another caused it', async () => {
    // The second asks when both have begun, with the text of the first.
    expect(owners(await asking((plan) => said(plan, 0)))).toEqual([
      ['c0.t0', [0]],
      ['c0.t0', [0]],
    ])
  })

  it('to the conversation that caused it where that of its canaries has not begun', async () => {
    expect(owners(await asking((plan) => said(plan, 1)))).toEqual([
      ['c0.t0', [1]],
      ['c1.t0', [1]],
    ])
  })

  it('to the conversation that caused it where it carries those of two, and both are kept', async () => {
    const history = await asking((plan) => `${said(plan, 0)} ${said(plan, 1)}`)
    expect(owners(history)).toEqual([
      ['c0.t0', [0, 1]],
      ['c1.t0', [0, 1]],
    ])
  })

  it('to the conversation that caused it where it carries none', async () => {
    expect(owners(await asking(() => 'nothing at all'))).toEqual([
      ['c0.t0', []],
      ['c1.t0', []],
    ])
  })

  it('to nobody where nothing is on any more', async () => {
    const { open } = createScriptedRuntime()
    const late = createScriptedRuntime(undefined, {
      async open(world) {
        const team = await open(world)
        const ask = () =>
          (world.fetch ?? fetch)(`${world.baseURL}/responses`, {
            method: 'POST',
            body: '{"model":"gpt-5.1","input":"late"}',
          })
        return { ...team, close: async () => void (await (await ask()).text()) }
      },
    })
    const history = await runPlan(late, createPlan([[createTurn()]]))
    expect(owners(history).map(([run]) => run)).toEqual(['c0.t0', null])
    expect(filterEvents(history, 'response.end')).toHaveLength(2)
  })

  it('that is for no response, to the run that is on', async () => {
    const listing: Script = async function* ({ client, ask }) {
      yield* passOnText(ask())
      return (await client.conversations.create({})).object
    }
    expect(filterEvents(await runPlan(createScriptedRuntime(listing), two), 'request.other')).toMatchObject([
      { run: 'c0.t0', method: 'POST', path: '/v1/conversations' },
      { run: 'c1.t0', method: 'POST', path: '/v1/conversations' },
    ])
  })
})

describe('a request that comes when its run has ended', () => {
  it('is told under that run, waits until all is at rest, and is answered then', async () => {
    const after: Script = async function* ({ client, ask, world }) {
      const text = yield* passOnText(ask())
      void client.responses.create({ model: 'gpt-5.1', input: 'one more' }).then(({ output_text }) => {
        world.probe.hook({ run: null, name: output_text === '' ? 'cleanup' : 'result' })
      })
      return text
    }
    const history = await runPlan(createScriptedRuntime(after), createPlan([[createTurn()]]))
    expect(listRunEnds(history)).toEqual(['c0.t0 completed'])
    expect(filterEvents(history, 'request').map(({ run }) => run)).toEqual(['c0.t0', 'c0.t0'])
    expect(filterEvents(history, 'request.unscripted')).toMatchObject([{ request: 2 }])
    expect(filterEvents(history, 'hook')).toMatchObject([{ name: 'result' }])
    const order = listKinds(history, 'run.end', 'at-rest', 'hook', 'close')
    expect(order).toEqual(['run.end', 'at-rest', 'hook', 'close'])
  })

  const turns = addCanaries(createPlan([[createTurn(), createTurn()]]))

  it('belongs to the run whose text it carries, also while the next turn is on, and takes none of its answers', async () => {
    let first = ''
    const late: Script = async function* ({ client, ask, request: { turn, input } }) {
      if (turn === 0) {
        first = input
        return yield* passOnText(ask())
      }
      void client.responses.create({ model: 'gpt-5.1', input: first }).catch(() => {})
      return yield* passOnText(ask())
    }
    const history = await runPlan(createScriptedRuntime(late), turns)
    expect(owners(history).map(([run]) => run)).toEqual(['c0.t0', 'c0.t0', 'c0.t1'])
    expect(filterEvents(history, 'request.unscripted')).toMatchObject([{ request: 2 }])
    const [, answer] = turns.conversations[0]?.turns.map(({ answers }) => answers[0]?.items[0]) ?? []
    expect(filterEvents(history, 'run.end').at(-1)?.outcome).toMatchObject({
      status: 'completed',
      text: answer?.type === 'text' ? answer.text : undefined,
    })
  })

  it('is none if it ends with an answer of the model: then the turn that is on has lost its message', async () => {
    const lost: Script = async function* ({ client, ask, request: { turn } }) {
      if (turn === 0) return yield* passOnText(ask())
      yield { kind: 'other', type: 'asks' }
      const [before] = turns.conversations[0]?.turns ?? []
      const input = [
        { role: 'user' as const, content: before?.say ?? '' },
        { role: 'assistant' as const, content: 'It is so.' },
      ]
      return (await client.responses.create({ model: 'gpt-5.1', input })).output_text
    }
    const history = await runPlan(createScriptedRuntime(lost), turns)
    expect(owners(history).map(([run]) => run)).toEqual(['c0.t0', 'c0.t1'])
  })

  describe('if it ends with a message of the runtime itself', () => {
    /** Sends the text of the first turn again, and after it a message that no turn contains. */
    const goOn = ({ client }: Parameters<Script>[0]) =>
      client.responses.create({
        model: 'gpt-5.1',
        input: [
          { role: 'user', content: turns.conversations[0]?.turns[0]?.say ?? '' },
          { role: 'assistant', content: 'It is so.' },
          { role: 'user', content: 'Continue.' },
        ],
      })

    it('is one of the turn that is on, which has lost its message', async () => {
      const lost: Script = async function* (doing) {
        const text = yield* passOnText(doing.ask())
        return doing.request.turn === 0 ? text : (await goOn(doing)).output_text
      }
      const history = await runPlan(createScriptedRuntime(lost), turns)
      expect(owners(history).map(([run]) => run)).toEqual(['c0.t0', 'c0.t1', 'c0.t1'])
    })

    it('belongs to its run while that run still has an open tool call', async () => {
      const tools: AgentSpec['tools'] = [{ name: 'wait', parameters: {}, does: [{ kind: 'hang' }] }]
      const team = [{ name: 'agent', instructions: '', tools, handoffs: [] }]
      const late: Script = async function* (doing) {
        const { ask, request, world } = doing
        if (request.turn === 1) void goOn(doing).catch(() => {})
        else void world.tool({ run: request.run, name: 'wait', args: {} }).catch(() => {})
        return yield* passOnText(ask())
      }
      const history = await runPlan(createScriptedRuntime(late), { ...turns, team })
      expect(owners(history).map(([run]) => run)).toEqual(['c0.t0', 'c0.t0', 'c0.t1'])
    })
  })
})

describe('attempts and answers', () => {
  const asked = (history: History) => filterEvents(history, 'request').map(({ attempt }) => attempt)

  it('a request again after a spoiled one is a further attempt at the same answer', async () => {
    const faults = [{ kind: 'http', status: 500 }, { kind: 'refuse-connection' }] as const
    const history = await runPlan(
      createScriptedRuntime(),
      createPlan([
        [createTurn({ answers: [createAnswer('Third time.', { faults: [...faults] })] }), createTurn()],
      ]),
    )
    expect(asked(history)).toEqual([0, 1, 2, 0])
    expect(filterEvents(history, 'request.unscripted')).toEqual([])
    expect(filterEvents(history, 'run.end').map(({ outcome }) => outcome.text)).toEqual([
      'Third time.',
      'It is so.',
    ])
  })

  it('a request beyond the script gets a plain answer, and is told', async () => {
    const twice: Script = async function* ({ ask }) {
      yield* passOnText(ask())
      return yield* passOnText(ask())
    }
    const history = await runPlan(createScriptedRuntime(twice), createPlan([[createTurn()]]))
    expect(filterEvents(history, 'request.unscripted')).toMatchObject([{ request: 2 }])
    expect(listRunEnds(history)).toEqual(['c0.t0 completed'])
  })
})

describe('what a recorded client asked', () => {
  it('stands at the request of the same place in the run, at each attempt of it', async () => {
    const recorded = ['first', 'second'].map((text) => ({ context: [{ type: 'message', text }], tools: [] }))
    const answers = [createAnswer('One.', { faults: [{ kind: 'http', status: 500 }] }), createAnswer('Two.')]
    const thrice: Script = async function* ({ ask }) {
      for (let request = 0; request < 2; request++) yield* passOnText(ask())
      return yield* passOnText(ask())
    }
    const history = await runPlan(
      createScriptedRuntime(thrice),
      createPlan([[createTurn({ answers, recorded })]]),
    )
    expect(
      filterEvents(history, 'request').map(({ attempt, recorded }) => [
        attempt,
        recorded?.context[0]?.['text'],
      ]),
    ).toEqual([
      [0, 'first'],
      [1, 'first'],
      [0, 'second'],
      [0, undefined],
    ])
  })
})

describe('the agent that asks', () => {
  it('is the one whose instructions stand in the request, or the only one', async () => {
    const names = ['one', 'two']
    const team = names.map((name, at) => ({
      name,
      instructions: buildCanary('a', `agent.${at}`),
      tools: [],
      handoffs: [],
    }))
    const both: Script = async function* ({ client, world }) {
      yield { kind: 'other', type: 'asks' }
      for (const { instructions } of [...world.team].reverse())
        await client.responses.create({ model: 'gpt-5.1', input: 'hi', instructions })
      return (await client.responses.create({ model: 'gpt-5.1', input: 'hi' })).output_text
    }
    const agents = async (of: typeof team) =>
      filterEvents(
        await runPlan(createScriptedRuntime(both), createPlan([[createTurn()]], { team: of })),
        'request',
      ).map(({ agent }) => agent)
    expect(await agents(team)).toEqual(['two', 'one', undefined])
    expect(await agents(team.slice(0, 1))).toEqual(['one', 'one'])
  })
})
