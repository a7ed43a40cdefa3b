import type { History } from '../../contract/events.ts'
import {
  answered,
  asked,
  delta,
  ended,
  failed,
  hook,
  said,
  sent,
  stopped,
  toolEnd,
  update,
} from './events.ts'
import { planned } from './plans.ts'
import type { Examples } from './types.ts'

const RUN = 'c0.t0'
const begun = said(RUN, 'hi')
const done = ended(RUN, 'completed')
const first = [begun, asked(1, RUN), answered(1)]
const thrown = hook(RUN, 'result', { threw: true })

const asking = [begun, asked(1, RUN, [], { agent: 'a' }), answered(1)]
const ofAgentB = hook(RUN, 'before_run', { agent: 'b', threw: true })

/** A run whose text of two letters is delivered with these updates after the second and third event. */
function streamed(early: string[], late: string[]): History {
  const told = (texts: string[]) => texts.map((text) => update(RUN, text))
  return [
    ...[begun, asked(1, RUN), delta(1, 'a'), delta(1, 'b'), ...told(early), delta(1, 'c'), ...told(late)],
    ...[sent(1, 'response.output_text.done'), sent(1, 'response.completed'), answered(1), done],
  ]
}

export const timing: Record<string, Examples> = {
  'stream-is-incremental': {
    holds: [
      { history: streamed(['ab'], ['c']), plan: planned() },
      { history: streamed(['a'], ['bc']), plan: planned() },
      { history: streamed([], []), plan: planned({ pull: 'final-only' }), unexercised: true },
      // What a runtime in another process delivers is seen later.
      {
        history: [{ kind: 'runtime', remote: true }, ...streamed([], [])],
        plan: planned(),
        unexercised: true,
      },
    ],
    breaks: [
      {
        history: streamed([], []),
        plan: planned(),
        says: 'run c0.t0 had delivered nothing of 2 characters of request 1',
        cause: 'text held back',
      },
    ],
  },

  'hook-errors-surface': {
    holds: [
      [...first, thrown, failed(RUN)],
      { history: [...first, hook(RUN, 'result'), done], unexercised: true },
      { history: [...first, stopped(RUN, 'abort'), thrown, done], unexercised: true },
      // The agent b runs as a tool, so the agent a is told that the tool failed.
      {
        history: [...asking, asked(2, RUN, [], { agent: 'b' }), answered(2), ofAgentB, done],
        unexercised: true,
      },
      { history: [...asking, ofAgentB, done], unexercised: true },
    ],
    breaks: [
      {
        history: [begun, ofAgentB, done],
        says: 'although its hook before_run threw',
      },
      {
        history: [...first, thrown, done],
        says: 'run c0.t0 completed, although its hook result threw',
        cause: 'result hook',
      },
    ],
  },

  'success-hooks-come-last': {
    holds: [
      [...first, hook(RUN, 'result'), hook(RUN, 'after_run'), done],
      { history: [...first, hook(RUN, 'cleanup'), asked(2, RUN), answered(2), done], unexercised: true },
    ],
    breaks: [
      {
        history: [...first, hook(RUN, 'after_run'), asked(2, RUN), answered(2), done],
        says: 'after_run fired for run c0.t0 before request 2 was answered',
        cause: 'after_run before an answer',
      },
      {
        history: [...first, hook(RUN, 'result'), toolEnd(RUN, 'call_1', { result: 'rain' }), done],
        says: 'result fired for run c0.t0 before the tool get_weather had ended',
        cause: 'result before a tool',
      },
    ],
  },
}
