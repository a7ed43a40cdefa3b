import type { JsonObject } from '../../../mocks/json.ts'
import type { History } from '../../contract/events.ts'
import type { Plan } from '../../plan/types.ts'
import { answered, asked, call, cut, ended, failed, mode, refusedWith, said, toolEnd } from './events.ts'
import { planned, weatherTool } from './plans.ts'
import type { Examples } from './types.ts'

const refusal = { type: 'message', role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] }
const begun = said('c0.t0', 'hi')
const first = asked(1, 'c0.t0')
const on = mode('on')

const { name, description, parameters } = weatherTool as typeof weatherTool & { description: string }
const offered = { type: 'function', name, description, parameters, strict: false }
const withTool = planned({}, { tools: [weatherTool], settings: { temperature: 0.2 } })

/** A streamed request of agent `a` that has all that the plan says, but for what is given. */
function request(body: JsonObject = {}): History {
  const whole = { instructions: 'Be brief.', tools: [offered], stream: true, store: true, temperature: 0.2 }
  return [begun, asked(1, 'c0.t0', [], { agent: 'a', body: { ...whole, ...body } })]
}

const withTools = (...tools: JsonObject[]) => request({ tools })

/** The tool is an agent, whose schema is the runtime's own. */
const withAgentTool = planned(
  {},
  { tools: [{ ...weatherTool, does: [{ kind: 'agent', agent: 'b' }] }], settings: { temperature: 0.2 } },
)

const team: Plan = {
  ...withTool,
  team: [
    { name: 'a', instructions: 'You are the first agent.', tools: [], handoffs: ['b'] },
    { name: 'b', instructions: 'You are the second agent.', tools: [weatherTool], handoffs: [] },
  ],
}

function ofTeam(body: JsonObject, more: Parameters<typeof asked>[3] = {}): History {
  return [begun, asked(1, 'c0.t0', [], { body: { stream: true, ...body }, ...more })]
}

const instructed = { instructions: 'You are the first agent.' }
const busy = planned({ answers: [{ items: [], faults: [{ kind: 'http', status: 429 }] }] })
const unreachable = planned({ answers: [{ items: [], faults: [{ kind: 'refuse-connection' }] }] })
const twice = { kind: 'runtime', retries: 2 } as const

/** Returns `count` requests, and a call as the answer to each. */
function callsInRow(count: number): History {
  return Array.from({ length: count }, (_, at) => [
    asked(at + 1, 'c0.t0'),
    answered(at + 1, [call(`call_${at}`)]),
  ]).flat()
}

export const requests: Record<string, Examples> = {
  'healthy-run-completes': {
    holds: [
      { history: [begun, first, answered(1), ended('c0.t0', 'completed')], plan: planned() },
      // What the service refuses, a tool throws or the plan disturbs may fail a run.
      { history: [begun, first, refusedWith(1, 500), failed('c0.t0')], plan: busy, unexercised: true },
      {
        history: [begun, first, answered(1), toolEnd('c0.t0', 'call_1', { error: 'no' }), failed('c0.t0')],
        plan: planned(),
        unexercised: true,
      },
      {
        history: [begun, first, { kind: 'request.unscripted', request: 1 }, answered(1), failed('c0.t0')],
        plan: planned(),
        unexercised: true,
      },
      {
        history: [begun, first, answered(1, [refusal]), failed('c0.t0')],
        plan: planned(),
        unexercised: true,
      },
      {
        history: [begun, first, answered(1), failed('c0.t0')],
        plan: planned({ breaks: { hook: 'result', nth: 0 } }),
        unexercised: true,
      },
      // The model never stops calling, so the run meets a limit that its runtime sets by itself.
      { history: [begun, ...callsInRow(10), failed('c0.t0')], plan: planned(), unexercised: true },
    ],
    breaks: [
      {
        history: [begun, ...callsInRow(9), failed('c0.t0')],
        plan: planned(),
        says: 'run c0.t0 failed, but nothing disturbed it and each request was answered',
        cause: 'run failed',
      },
      {
        history: [begun, first, answered(1), failed('c0.t0')],
        plan: planned(),
        says: 'run c0.t0 failed, but nothing disturbed it and each request was answered',
        cause: 'run failed',
      },
      {
        history: [begun, first, answered(1), ended('c0.t0', 'incomplete')],
        plan: planned(),
        says: 'run c0.t0 ended incomplete',
        cause: 'run incomplete',
      },
      {
        history: [begun, ended('c0.t0', 'completed')],
        plan: planned(),
        says: 'run c0.t0 completed without a request',
        cause: 'no request',
      },
    ],
  },

  'request-as-configured': {
    holds: [
      { history: request(), plan: withTool },
      // Instructions may be a message, also one that the service has stored.
      {
        history: [
          begun,
          asked(1, 'c0.t0', [{ role: 'developer', content: 'Be brief.' }], {
            agent: 'a',
            body: { stream: true, previous_response_id: 'resp_1' },
          }),
        ],
        plan: planned(),
      },
      // A runtime may make a schema strict.
      {
        history: withTools({
          ...offered,
          strict: true,
          parameters: {
            ...parameters,
            title: 'Weather',
            additionalProperties: false,
            properties: { city: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
          },
        }),
        plan: withTool,
      },
      // Chat completions name their tools in another way, and store nothing by default.
      {
        history: request({
          messages: [{ role: 'system', content: 'Be brief.' }],
          tools: [{ type: 'function', function: offered }],
          store: false,
        }),
        plan: withTool,
      },
      { history: ofTeam(instructed, { agent: 'a', handoffs: { transfer_to_b: 'b' } }), plan: team },
    ],
    breaks: [
      {
        history: request({ instructions: 'Be' }),
        plan: withTool,
        says: 'request 1 of a lacks its instructions "Be brief."',
        cause: 'instructions missing',
      },
      {
        history: ofTeam({ previous_response_id: 'resp_1' }),
        plan: team,
        says: 'request 1 has the instructions of no agent',
        cause: 'instructions missing',
      },
      {
        history: ofTeam(
          { instructions: 'You are the first agent. You are the second agent.' },
          { agent: 'a', handoffs: { transfer_to_b: 'b' } },
        ),
        plan: team,
        says: 'has the instructions of b',
        cause: 'instructions of another agent',
      },
      {
        history: withTools(),
        plan: withTool,
        says: 'does not offer its tool get_weather',
        cause: 'tool missing',
      },
      { history: withTools(offered, offered), plan: withTool, says: 'offers its tool get_weather twice' },
      {
        history: withTools({ ...offered, parameters: { type: 'object', properties: {} } }),
        plan: withTool,
        says: 'offers its tool get_weather with the parameters {"type":"object","properties":{}}',
        cause: 'tool schema',
      },
      {
        history: ofTeam(
          { ...instructed, tools: [offered] },
          { agent: 'a', handoffs: { transfer_to_b: 'b' } },
        ),
        plan: team,
        says: 'offers the tool get_weather of b',
        cause: 'tool of another agent',
      },
      {
        history: ofTeam(instructed, { agent: 'a', handoffs: {} }),
        plan: team,
        says: 'does not offer a handoff to b',
        cause: 'handoff missing',
      },
      {
        history: request({ temperature: 1 }),
        plan: withTool,
        says: 'has temperature 1, expected 0.2',
        cause: 'setting',
      },
      {
        history: [
          said('c0.t0', 'hi', { session: 'previous-response' }),
          ...request({ store: false }).slice(1),
        ],
        plan: withTool,
        says: 'has store false, expected true',
        cause: 'store true',
      },
      {
        history: [begun, asked(1, 'c0.t0', [], { agent: 'a', body: { instructions: 'Be brief.' } })],
        plan: planned(),
        says: 'has stream not set, expected true',
        cause: 'stream missing',
      },
    ],
  },

  'tool-schemas-kept': {
    holds: [
      { history: request(), plan: withTool },
      // Another rule speaks of a schema that does not fit at all.
      { history: withTools({ ...offered, parameters: { type: 'object' } }), plan: withTool },
      { history: withTools({ ...offered, parameters: { type: 'object' } }), plan: withAgentTool },
    ],
    breaks: [
      {
        history: withTools({ ...offered, parameters: { ...parameters, additionalProperties: false } }),
        plan: withTool,
        says: 'offers its tool get_weather with the schema',
        cause: 'schema rewritten',
      },
      {
        history: withTools({ ...offered, description: '' }),
        plan: withTool,
        says: 'described as "", expected "Tells the weather."',
        cause: 'description lost',
      },
      {
        history: withTools({ ...offered, description: '' }),
        plan: withAgentTool,
        says: 'described as "", expected "Tells the weather."',
      },
      {
        history: withTools({ ...offered, strict: true }),
        plan: withTool,
        says: 'offers its tool get_weather in strict mode',
        cause: 'made strict',
      },
    ],
  },

  'passing-faults-are-survived': {
    holds: [
      {
        history: [
          ...[on, twice, begun, first, refusedWith(1, 429)],
          ...[asked(2, 'c0.t0', [], { attempt: 1 }), answered(2), ended('c0.t0', 'completed')],
        ],
        plan: busy,
      },
      // Nothing is promised, or the fault does not pass.
      {
        history: [on, begun, first, refusedWith(1, 429), failed('c0.t0')],
        plan: busy,
        unexercised: true,
      },
      {
        history: [on, twice, begun, first, refusedWith(1, 400), failed('c0.t0')],
        plan: planned({ answers: [{ items: [], faults: [{ kind: 'http', status: 400 }] }] }),
        unexercised: true,
      },
    ],
    breaks: [
      {
        history: [on, twice, begun, first, refusedWith(1, 429), failed('c0.t0')],
        plan: busy,
        says: 'run c0.t0 failed after a busy service, although the runtime documents retries',
        cause: 'run failed after a busy service',
      },
      {
        history: [on, twice, begun, first, cut(1), failed('c0.t0')],
        plan: unreachable,
        says: 'run c0.t0 failed after a refused connection',
        cause: 'run failed after a refused connection',
      },
    ],
  },
}
