import type { Json, JsonObject } from '../../../mocks/json.ts'
import type { History } from '../../contract/events.ts'
import {
  answered,
  asked,
  assistant,
  call,
  cut,
  ended,
  mode,
  said,
  sent,
  spanEnd,
  spanStart,
  stopped,
} from './events.ts'
import type { Examples } from './types.ts'

const RUN = 'c0.t0'
const text = assistant('It rains.')
const refusal = { type: 'message', role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] }
const done = ended(RUN, 'completed')

/** A run with one answer, and a chat span with these finish reasons. */
function reasoned(
  reasons: Json,
  output: JsonObject[] = [text],
  how: 'completed' | 'incomplete' | 'failed' = 'completed',
): History {
  return [
    ...[mode('on'), said(RUN, 'hi'), spanStart('chat gpt'), asked(1, RUN), answered(1, output, { how })],
    ...[spanEnd('chat gpt', { 'gen_ai.response.finish_reasons': reasons }), done],
  ]
}

/** A run with an answer that is incomplete for this reason. */
function incomplete(reasons: Json, incompleteReason: string): History {
  return reasoned(reasons, [text], 'incomplete').map((event) =>
    event.kind === 'response.end' && event.response !== null
      ? { ...event, response: { ...event.response, incompleteReason } }
      : event,
  )
}

/** A run whose first answer has a call and whose second has a text. Each has a chat span with these attributes. */
function called(first: JsonObject, second: JsonObject): History {
  return [
    ...[mode('on'), said(RUN, 'hi'), spanStart('a'), spanStart('chat 1', 'a'), asked(1, RUN)],
    ...[answered(1, [call('call_1')]), spanEnd('chat 1', first), spanStart('chat 2', 'a'), asked(2, RUN)],
    ...[answered(2, [text]), spanEnd('chat 2', second), spanEnd('a'), done],
  ]
}

const byCall = { 'gen_ai.response.finish_reasons': ['tool_call'] }

export const finishReasons: Record<string, Examples> = {
  'finish-reasons-are-true': {
    holds: [
      reasoned(['stop']),
      // The first answer was cut off by the connection, and the span does not say which one it is about.
      {
        history: [
          ...[mode('on'), said(RUN, 'hi'), spanStart('chat gpt'), asked(1, RUN), cut(1), asked(2, RUN)],
          ...[
            answered(2, [text]),
            spanEnd('chat gpt', { 'gen_ai.response.finish_reasons': ['length'] }),
            done,
          ],
        ],
        unexercised: true,
      },
      // Runtimes use words of their own.
      reasoned(['completed', 'STOP']),
      reasoned('end_turn'),
      // The words for an answer with a call differ, and some runtimes have none.
      reasoned(['tool-calls'], [call('call_1')]),
      reasoned(['stop'], [call('call_1')]),
      reasoned(['function_call'], [{ type: 'web_search_call' }]),
      reasoned(['max_output_tokens'], [text], 'incomplete'),
      reasoned(['incomplete'], [text], 'incomplete'),
      reasoned(['stop', 'length'], [text], 'incomplete'),
      reasoned(['tool_calls'], [call('call_1')], 'incomplete'),
      incomplete(['length'], 'max_output_tokens'),
      incomplete(['content_filter'], 'content_filter'),
      // A runtime may use one word for every incomplete answer, if it means no other reason.
      incomplete(['incomplete'], 'content_filter'),
      incomplete(['length'], 'a reason that is new'),
      reasoned(['content_filter'], [refusal]),
      // A span without a response id may be about either answer.
      called(byCall, byCall),
      called({}, byCall),
      { history: reasoned([]), unexercised: true },
      { history: reasoned(['length'], [], 'failed') },
      // The client took the garbage for the end of the answer.
      reasoned(['length']).toSpliced(4, 0, sent(1, 'garbage')),
      // The consumer left before the client had read the answer.
      {
        history: reasoned(['stop'], [text], 'incomplete').toSpliced(5, 0, stopped(RUN, 'return')),
        unexercised: true,
      },
    ],
    breaks: [
      {
        history: reasoned(['length']),
        says: 'span "chat gpt" has the finish reasons length, but its answer was not cut off',
        cause: 'chat span, answer was not cut off',
      },
      { history: reasoned('MAX_TOKENS'), says: 'was not cut off' },
      { history: reasoned('["length"]'), says: 'has the finish reasons length' },
      {
        history: reasoned(['content_filter']),
        says: 'has the finish reasons content_filter, but its answer was not filtered',
        cause: 'chat span, answer was not filtered',
      },
      {
        history: reasoned(['stop'], [text], 'incomplete'),
        says: 'has the finish reasons stop, but its answer is incomplete',
        cause: 'chat span, answer is incomplete',
      },
      {
        history: incomplete(['content_filter'], 'max_output_tokens'),
        says: 'has the finish reasons content_filter, but its answer was cut off, not filtered',
        cause: 'chat span, answer was cut off, not filtered',
      },
      {
        history: incomplete(['length'], 'content_filter'),
        says: 'has the finish reasons length, but its answer was filtered, not cut off',
        cause: 'chat span, answer was filtered, not cut off',
      },
      {
        history: reasoned(['tool_calls']),
        says: 'has the finish reasons tool_calls, but its answer has no call',
        cause: 'chat span, answer has no call',
      },
      {
        history: called(byCall, { ...byCall, 'gen_ai.response.id': 'resp_2' }),
        says: 'span "chat 2" has the finish reasons tool_call, but its answer has no call',
      },
    ],
  },
}
