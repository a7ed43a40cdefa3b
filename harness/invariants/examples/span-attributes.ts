import type { JsonObject } from '../../../mocks/json.ts'
import type { History } from '../../contract/events.ts'
import {
  answered,
  asked,
  assistant,
  call,
  createCallOutput,
  ended,
  failed,
  mode,
  said,
  spanEnd,
  spanStart,
  toolEnd,
  user,
} from './events.ts'
import { planned } from './plans.ts'
import type { Examples } from './types.ts'

const RUN = 'c0.t0'

/** A run whose agent span ends with this status and these attributes. */
function agentSpan(attributes: Record<string, string>, status: 'UNSET' | 'OK' | 'ERROR' = 'UNSET'): History {
  return [mode('on'), spanStart('invoke_agent a'), spanEnd('invoke_agent a', attributes, { status })]
}

const conventional = { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'a' }
const provider = { 'gen_ai.provider.name': 'openai' }
const chat = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt', ...provider }
const tool = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'get_weather' }
const named = { conversation: { id: 'conv_1' } }
const answer = {
  'gen_ai.response.id': 'resp_1',
  'gen_ai.response.model': 'gpt',
  'gen_ai.response.finish_reasons': ['stop'],
  'gen_ai.usage.input_tokens': 1,
  'gen_ai.usage.output_tokens': 1,
}

/** A run of agent `a` that completed with one answer and a span of this name, kind and attributes. */
function spanOfRun(
  name: string,
  attributes: JsonObject,
  spanKind: 'CLIENT' | 'INTERNAL' = 'INTERNAL',
  body: JsonObject = {},
): History {
  return [
    ...[mode('on'), said(RUN, 'hi'), spanStart(name, undefined, { spanKind })],
    ...[
      asked(1, RUN, [], { agent: 'a', body: { model: 'gpt', ...body } }),
      answered(1, [{ ...call('call_1'), id: 'fc_1' }]),
    ],
    ...[spanEnd(name, attributes), ended(RUN, 'completed')],
  ]
}

/** A chat span that tells an id of the conversation. */
function inConversation(id: string, body: JsonObject): History {
  return spanOfRun('chat gpt', { ...chat, 'gen_ai.conversation.id': id }, 'CLIENT', body)
}

const question = 'canary-0.0.0-00000001 Hello?'
const reply = 'canary-0.0.1-00000002 Hello.'
const result = 'canary-tool.0.0.0-00000003 rain'

/** A run under sensitive data with a user message, a tool call and an answer. The span of the run has these attributes. */
function sensitiveRun(attributes: JsonObject, end = ended(RUN, 'completed')): History {
  const called = call('call_1', { value: 'canary-0.0.2-00000004 Oslo' })
  return [
    ...[mode('sensitive'), said(RUN, question), spanStart('invoke_agent a')],
    ...[asked(1, RUN, [user(question)]), answered(1, [called]), toolEnd(RUN, 'call_1', { result })],
    ...[
      asked(2, RUN, [user(question), called, createCallOutput('call_1', result)]),
      answered(2, [assistant(reply)]),
    ],
    ...[spanEnd('invoke_agent a', attributes), end],
  ]
}

const whole = { input: question, output: reply, arguments: 'canary-0.0.2-00000004 Oslo', result }

export const spanAttributes: Record<string, Examples> = {
  'spans-have-required-attributes': {
    holds: [
      agentSpan(conventional),
      agentSpan({ ...conventional, 'error.type': 'APIError' }, 'ERROR'),
      spanOfRun('chat gpt', chat),
      spanOfRun('execute_tool get_weather', tool),
      { history: [mode('on'), spanStart('trace'), spanEnd('trace')], unexercised: true },
    ],
    breaks: [
      {
        history: spanOfRun('chat gpt', { 'gen_ai.operation.name': 'chat' }),
        says: 'lacks gen_ai.provider.name',
        cause: 'chat span lacks gen_ai.provider.name',
      },
      {
        history: agentSpan(conventional, 'ERROR'),
        says: 'span "invoke_agent a" failed without error.type',
        cause: 'invoke_agent span failed without error.type',
      },
      {
        history: agentSpan({ ...conventional, 'error.type': 'x' }),
        says: 'span "invoke_agent a" has error.type but did not fail',
      },
      {
        history: spanOfRun('', chat),
        says: 'span "" has no name',
        cause: 'chat span has no name',
      },
      {
        history: [mode('on'), spanStart('a', undefined, { name: '' })],
        says: 'span "" has no name',
        cause: 'other span has no name',
      },
    ],
  },

  'spans-follow-semconv': {
    holds: [
      agentSpan(conventional),
      spanOfRun('chat gpt', { ...chat, ...answer }, 'CLIENT'),
      spanOfRun('execute_tool get_weather', { ...tool, 'gen_ai.tool.call.id': 'call_1' }),
      spanOfRun('chat gpt', { ...chat, ...answer, 'gen_ai.conversation.id': 'conv_1' }, 'CLIENT', named),
      // A request that failed has no answer to tell of.
      [mode('on'), said(RUN, 'hi'), spanStart('chat gpt'), spanEnd('chat gpt', chat), failed(RUN)],
      // Neither has an answer that failed, which the run takes for its result.
      [
        ...[mode('on'), said(RUN, 'hi'), spanStart('chat gpt', undefined, { spanKind: 'CLIENT' })],
        ...[asked(1, RUN), answered(1, [], { how: 'failed' })],
        ...[spanEnd('chat gpt', chat), ended(RUN, 'completed')],
      ],
    ],
    breaks: [
      {
        history: agentSpan({ ...conventional, 'gen_ai.agent.name': 'b' }),
        says: 'span "invoke_agent a" has the wrong name, expected "invoke_agent b"',
      },
      { history: agentSpan(conventional, 'OK'), says: 'has the status OK' },
      {
        history: spanOfRun('chat gpt', { ...chat, ...answer }),
        says: 'has the kind INTERNAL, expected CLIENT',
        cause: 'chat span has the kind INTERNAL, expected CLIENT',
      },
      {
        history: spanOfRun(
          'chat gpt',
          { ...chat, ...answer, 'gen_ai.response.finish_reasons': undefined } as never,
          'CLIENT',
        ),
        says: 'lacks the recommended gen_ai.response.finish_reasons',
      },
      {
        history: spanOfRun(
          'chat gpt',
          { ...chat, ...answer, 'gen_ai.response.finish_reasons': [] },
          'CLIENT',
        ),
        says: 'lacks the recommended gen_ai.response.finish_reasons',
        cause: 'chat span lacks the recommended gen_ai.response.finish_reasons',
      },
      {
        history: spanOfRun('chat gpt', { ...chat, ...answer }, 'CLIENT', named),
        says: 'lacks the recommended gen_ai.conversation.id',
        cause: 'chat span lacks the recommended gen_ai.conversation.id',
      },
      {
        history: spanOfRun('execute_tool get_weather', tool),
        says: 'lacks the recommended gen_ai.tool.call.id',
      },
    ],
  },

  'span-attributes-are-true': {
    holds: [
      { history: spanOfRun('chat gpt', chat), plan: planned() },
      {
        history: spanOfRun('execute_tool get_weather', { ...tool, 'gen_ai.tool.call.id': 'call_1' }),
        plan: planned(),
      },
      // An id of the application's own.
      { history: inConversation('my-chat-7', { previous_response_id: 'resp_1' }), plan: planned() },
      { history: inConversation('conv_1', { conversation: 'conv_1' }), plan: planned() },
    ],
    breaks: [
      {
        history: inConversation('resp_1', { previous_response_id: 'resp_1' }),
        plan: planned(),
        says: 'has gen_ai.conversation.id "resp_1", which is the id of a response',
        cause: 'chat span has a response as gen_ai.conversation.id',
      },
      {
        history: inConversation('conv_1', { conversation: { id: 'conv_2' } }),
        plan: planned(),
        says: 'has gen_ai.conversation.id "conv_1", but the requests of its run name conv_2',
      },
      {
        history: spanOfRun('execute_tool get_weather', { ...tool, 'gen_ai.tool.call.id': 'fc_1' }),
        plan: planned(),
        says: 'has gen_ai.tool.call.id "fc_1", which its run does not know',
        cause: 'execute_tool span has a wrong gen_ai.tool.call.id',
      },
      {
        history: spanOfRun('chat gpt', { ...chat, 'gen_ai.request.model': 'other' }),
        plan: planned(),
        says: 'has gen_ai.request.model "other"',
      },
      {
        history: spanOfRun('invoke_agent b', { ...conventional, 'gen_ai.agent.name': 'b' }),
        plan: planned(),
        says: 'has gen_ai.agent.name "b"',
      },
    ],
  },

  'sensitive-spans-hold-content': {
    holds: [
      sensitiveRun(whole),
      { history: [mode('on'), ...sensitiveRun({}).slice(1)], unexercised: true },
      { history: sensitiveRun({}, failed(RUN)), unexercised: true },
    ],
    breaks: [
      {
        history: sensitiveRun({ ...whole, input: '' }),
        says: 'no span of run c0.t0 holds the user message "canary-0.0.0-00000001"',
        cause: 'the user message missing',
      },
      { history: sensitiveRun({ ...whole, output: '' }), says: 'the answer', cause: 'the answer missing' },
      {
        history: sensitiveRun({ ...whole, arguments: '' }),
        says: 'the tool arguments',
        cause: 'the tool arguments missing',
      },
      {
        history: sensitiveRun({ ...whole, result: '' }),
        says: 'the tool result',
        cause: 'the tool result missing',
      },
    ],
  },
}
