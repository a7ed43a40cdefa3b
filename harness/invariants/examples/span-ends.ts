import type { History, HistoryEvent } from '../../contract/events.ts'
import {
  answered,
  asked,
  cut,
  ended,
  failed,
  mode,
  said,
  spanEnd,
  spanStart,
  stopped,
  toolEnd,
  toolStart,
} from './events.ts'
import type { Examples } from './types.ts'

const RUN = 'c0.t0'
const begun = [mode('on'), said(RUN, 'hello there, agent'), spanStart('invoke_agent a')]
const done = ended(RUN, 'completed')
const late: HistoryEvent = { kind: 'span.late', span: 'chat gpt', name: 'chat gpt', set: 'attribute' }
const chatted = [spanStart('chat gpt', 'invoke_agent a'), spanEnd('chat gpt')]
const TOOL = 'execute_tool get_weather'
const ignoring: HistoryEvent = {
  kind: 'tool.start',
  run: RUN,
  name: 'get_weather',
  args: {},
  ignoresSignal: true,
}
const agentEnd = spanEnd('invoke_agent a')

/** A run in which a tool ended, with the attributes and status of its span. */
function toolRun(end: HistoryEvent, status: 'UNSET' | 'ERROR', call: string | undefined = 'call_1'): History {
  const attributes = { 'gen_ai.tool.name': 'get_weather', ...(call ? { 'gen_ai.tool.call.id': call } : {}) }
  return [
    ...[...begun, spanStart('execute_tool get_weather', 'invoke_agent a'), toolStart(RUN, 'call_1'), end],
    ...[spanEnd('execute_tool get_weather', attributes, { status }), agentEnd, done],
  ]
}

const threw = toolEnd(RUN, 'call_1', { error: 'no station' })
const returned = toolEnd(RUN, 'call_1', { result: 'rain' })

/** A run that was aborted while its answer came. */
function abortedRun(status: 'UNSET' | 'ERROR', before: HistoryEvent[] = []): History {
  return [
    ...[...begun, asked(1, RUN), ...before, stopped(RUN, 'abort'), cut(1)],
    ...[spanEnd('invoke_agent a', {}, { status }), ended(RUN, 'stopped')],
  ]
}

export const spanEnds: Record<string, Examples> = {
  'spans-unchanged-after-end': {
    holds: [[...begun, ...chatted, agentEnd, done]],
    breaks: [
      {
        history: [...begun, ...chatted, late, agentEnd, done],
        says: 'span "chat gpt" had its attribute set after it had ended',
        cause: 'chat span, attribute',
      },
      {
        history: [...begun, ...chatted, { ...late, set: 'end' }, agentEnd, done],
        says: 'span "chat gpt" was ended again after it had ended',
        cause: 'chat span, end',
      },
    ],
  },
  'parents-outlive-children': {
    holds: [
      [...begun, ...chatted, agentEnd, done],
      // A stop may end the spans in any order.
      {
        history: [
          ...[...begun, spanStart('chat gpt', 'invoke_agent a'), stopped(RUN, 'abort')],
          ...[agentEnd, spanEnd('chat gpt'), ended(RUN, 'stopped')],
        ],
        unexercised: true,
      },
      // A failed run cannot end a tool that ignores its signal.
      [
        ...[...begun, ...chatted, spanStart(TOOL, 'invoke_agent a'), ignoring, agentEnd, failed(RUN)],
        spanEnd(TOOL, { 'gen_ai.operation.name': 'execute_tool' }),
      ],
    ],
    breaks: [
      {
        history: [...begun, spanStart('chat gpt', 'invoke_agent a'), agentEnd, spanEnd('chat gpt'), done],
        says: 'span "chat gpt" ended after its parent "invoke_agent a"',
        cause: 'chat span after invoke_agent',
      },
    ],
  },
  'tool-span-tells-failure': {
    holds: [toolRun(threw, 'ERROR'), toolRun(returned, 'UNSET'), toolRun(threw, 'UNSET', 'call_2')],
    breaks: [
      {
        history: toolRun(threw, 'UNSET'),
        says: 'span "execute_tool get_weather" has the status UNSET, but its tool threw',
        cause: 'tool threw',
      },
      {
        // Without the id of the call, the name of the tool tells which call it was.
        history: toolRun(threw, 'UNSET', ''),
        says: 'has the status UNSET, but its tool threw',
        cause: 'tool threw',
      },
      {
        history: toolRun(returned, 'ERROR'),
        says: 'has the status ERROR, but its tool returned',
        cause: 'tool returned',
      },
    ],
  },
  'stop-is-no-failure': {
    holds: [
      abortedRun('UNSET'),
      { history: abortedRun('ERROR', [threw]), unexercised: true },
      { history: [...begun, asked(1, RUN), answered(1), agentEnd, failed(RUN)], unexercised: true },
    ],
    breaks: [
      {
        history: abortedRun('ERROR'),
        says: 'span "invoke_agent a" has the status ERROR, but run c0.t0 was stopped by its consumer',
        cause: 'invoke_agent span of a stopped run',
      },
    ],
  },
}
