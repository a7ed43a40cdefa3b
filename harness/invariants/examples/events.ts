import type { Json, JsonObject } from '../../../mocks/json.ts'
import type { ErrorShape } from '../../contract/error-shape.ts'
import type { HistoryEvent } from '../../contract/events.ts'
import type { Outcome } from '../../contract/run-outcome.ts'
import type { HookName, Stop, TelemetryMode } from '../../plan/types.ts'

/** The events of example histories, with what matters in them alone. */

type Of<K extends HistoryEvent['kind']> = Extract<HistoryEvent, { kind: K }>

export function mode(to: TelemetryMode, more: Partial<Of<'mode'>> = {}): HistoryEvent {
  return { kind: 'mode', to, ...more }
}

export function said(run: string, input: string, more: Partial<Of<'run.start'>> = {}): HistoryEvent {
  const turn = Number(run.split('.t')[1])
  return { kind: 'run.start', run, turn, input, session: 'history', stream: true, ...more }
}

export function ended(run: string, status: Outcome['status'], more: Partial<Outcome> = {}): HistoryEvent {
  return { kind: 'run.end', run, outcome: { status, text: '', ...more } }
}

/** A run that failed with an error. */
export function failed(run: string, error: Partial<ErrorShape> = {}): HistoryEvent {
  return ended(run, 'failed', { error: { name: 'Error', message: '', ...error } })
}

export function stopped(run: string, how: Stop['how']): HistoryEvent {
  return { kind: 'stop', run, how }
}

/** All runs have ended, and all is quiet. */
export const atRest: HistoryEvent = { kind: 'at-rest' }

/** The team is asked to close. */
export const close: HistoryEvent = { kind: 'close' }

/** The client gave up a request. */
export function cancelled(request: number): HistoryEvent[] {
  return [{ kind: 'request.cancelled', request }, cut(request)]
}

export function asked(
  request: number,
  run: string,
  context: readonly JsonObject[] = [],
  more: Partial<Of<'request'>> = {},
): HistoryEvent {
  return { kind: 'request', request, run, attempt: 0, body: {}, context, carries: [], ...more }
}

/** The answer to a request, `resp_<request>` unless told otherwise. */
export function answered(
  request: number,
  output: JsonObject[] = [],
  more: Partial<Of<'response.end'>> & { stored?: boolean } = {},
): HistoryEvent {
  const { stored = true, how = 'completed', ...rest } = more
  const usage = { input: 10 * request, output: request }
  return {
    kind: 'response.end',
    request,
    how,
    status: 200,
    response: { id: `resp_${request}`, stored, output, usage },
    ...rest,
  }
}

export function cut(request: number): HistoryEvent {
  return { kind: 'response.end', request, how: 'cut', response: null }
}

export function refusedWith(request: number, status: number): HistoryEvent {
  return { kind: 'response.end', request, how: 'http', status, response: null }
}

export function sent(request: number, type: string, more: Partial<Of<'stream.event'>> = {}): HistoryEvent {
  return { kind: 'stream.event', request, index: 0, type, ...more }
}

export function delta(request: number, text: string): HistoryEvent {
  return sent(request, 'response.output_text.delta', { delta: text })
}

export function update(run: string, text: string): HistoryEvent {
  return { kind: 'update', run, update: { kind: 'text', text } }
}

export function pull(run: string, more: Partial<Of<'pull'>> = {}): HistoryEvent {
  return { kind: 'pull', run, context: 'kept', span: 'kept', ...more }
}

export function hook(run: string, name: HookName, more: Partial<Of<'hook'>> = {}): HistoryEvent {
  return { kind: 'hook', run, name, ...more }
}

/** What is done to the hook `preReasoning` of agent `a`, number 0. */
export function registered(
  at: Of<'registration'>['at'],
  more: Partial<Of<'registration'>> = {},
): HistoryEvent {
  const hook = at === 'release' ? {} : { hook: 'preReasoning' }
  return { kind: 'registration', at, agent: 'a', instance: 0, ...hook, ...more }
}

export function toolStart(run: string, call: string | undefined, args: Json = {}): HistoryEvent {
  return { kind: 'tool.start', run, name: 'get_weather', args, ...(call === undefined ? {} : { call }) }
}

export function toolEnd(run: string, call: string, more: Partial<Of<'tool.end'>>): HistoryEvent {
  return { kind: 'tool.end', run, name: 'get_weather', call, ...more }
}

/** A span's start, named by its id unless told otherwise; `conversation` 0. */
export function spanStart(span: string, parent?: string, more: Partial<Of<'span.start'>> = {}): HistoryEvent {
  return {
    kind: 'span.start',
    span,
    name: span,
    conversation: 0,
    ...(parent === undefined ? {} : { parent }),
    ...more,
  }
}

export function spanEnd(
  span: string,
  attributes: JsonObject = {},
  more: Partial<Of<'span.end'>> = {},
): HistoryEvent {
  return { kind: 'span.end', span, name: span, attributes, status: 'UNSET', ...more }
}

export function noise(what: Of<'noise'>['what'], message: string): HistoryEvent {
  return { kind: 'noise', what, message }
}

export function user(content: string): JsonObject {
  return { role: 'user', content }
}

export function assistant(text: string): JsonObject {
  return { type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] }
}

export function call(call_id: string, args: JsonObject = {}, more: JsonObject = {}): JsonObject {
  return {
    type: 'function_call',
    status: 'completed',
    call_id,
    name: 'get_weather',
    arguments: JSON.stringify(args),
    ...more,
  }
}

export function createCallOutput(call_id: string, output: string): JsonObject {
  return { type: 'function_call_output', call_id, output }
}
