import { describe, expect, it } from 'vitest'
import type { HistoryEvent } from '../history/events.ts'
import { invariants } from './index.ts'

/** For each invariant, histories that hold and histories that break it, with a piece of the message. */
const cases: Record<string, { holds: HistoryEvent[][]; breaks: [string, HistoryEvent[]][] }> = {
  'no-leaked-spans': {
    holds: [
      [spanStart('a'), spanStart('b'), spanEnd('b'), spanEnd('a'), ended('run-0', 'completed')],
      [spanStart('a'), ended('run-0', 'failed'), spanEnd('a')],
    ],
    breaks: [
      [
        '"b" was started and never ended',
        [spanStart('a'), spanStart('b'), spanEnd('a'), ended('run-0', 'failed')],
      ],
      ['none was started', [said('run-0', 0, 'hello there, agent'), ended('run-0', 'completed')]],
    ],
  },
  'after-run-only-on-success': {
    holds: [
      [afterRun('run-0'), ended('run-0', 'completed')],
      [afterRun('run-0'), ended('run-0', 'incomplete')],
      [ended('run-0', 'incomplete')],
      [ended('run-0', 'failed'), afterRun('run-1'), ended('run-1', 'completed')],
    ],
    breaks: [
      ['which failed', [afterRun('run-0'), ended('run-0', 'failed')]],
      ['which stopped', [afterRun('run-0'), ended('run-0', 'stopped')]],
      ['which hung', [afterRun('run-0')]],
      ['did not fire', [ended('run-0', 'completed')]],
    ],
  },
  'no-stale-previous-response-id': {
    holds: [
      [asked(0, 'run-0', {}), answered(0, 'resp_1'), asked(1, 'run-1', { previous_response_id: 'resp_1' })],
      [
        asked(0, 'run-0', {}),
        answered(0, 'resp_1', [call('call_1')]),
        asked(1, 'run-0', { previous_response_id: 'resp_1', input: [result('call_1', 'x')] }),
      ],
      [
        asked(0, 'run-0', {}),
        answered(0, 'resp_1', [], 'incomplete'),
        asked(1, 'run-1', { previous_response_id: 'resp_1' }),
      ],
    ],
    breaks: [
      ['no response of this conversation', [asked(0, 'run-0', { previous_response_id: 'resp_9' })]],
      [
        'no response of this conversation',
        [asked(0, 'c0.t0', {}), answered(0, 'resp_1'), asked(1, 'c1.t0', { previous_response_id: 'resp_1' })],
      ],
      [
        'has no output in this request',
        [
          asked(0, 'run-0', {}),
          answered(0, 'resp_1', [call('call_1')]),
          asked(1, 'run-0', { previous_response_id: 'resp_1', input: 'next' }),
        ],
      ],
      [
        'it ended failed',
        [
          asked(0, 'run-0', {}),
          answered(0, 'resp_1', [], 'failed'),
          asked(1, 'run-1', { previous_response_id: 'resp_1' }),
        ],
      ],
      [
        'it was not stored',
        [
          asked(0, 'run-0', {}),
          answered(0, 'resp_1', [], 'completed', false),
          asked(1, 'run-1', { previous_response_id: 'resp_1' }),
        ],
      ],
    ],
  },
  'no-context-loss': {
    holds: [
      [
        said('c0.t0', 0, 'what is the weather?'),
        ended('c0.t0', 'completed'),
        said('c1.t0', 0, 'and tomorrow, please?'),
        asked(0, 'c1.t0', { input: 'and tomorrow, please?' }),
      ],
      [
        said('run-0', 0, 'what is the weather?'),
        asked(0, 'run-0', { input: 'what is the weather?' }),
        answered(0, 'resp_1', [call('call_1')]),
        toolEnded('run-0', 'it is raining in Oslo'),
        asked(1, 'run-0', {
          previous_response_id: 'resp_1',
          input: [result('call_1', 'it is raining in Oslo')],
        }),
        answered(1, 'resp_2', [message('bring an umbrella')]),
        ended('run-0', 'completed'),
        said('run-1', 1, 'and tomorrow, please?'),
        asked(2, 'run-1', { previous_response_id: 'resp_2', input: 'and tomorrow, please?' }),
      ],
      [
        said('run-0', 0, 'what is the weather?'),
        ended('run-0', 'failed'),
        said('run-1', 1, 'and tomorrow, please?'),
        asked(0, 'run-1', { input: 'and tomorrow, please?' }),
      ],
    ],
    breaks: [
      [
        '"what is the weather?" is not in its context',
        [
          said('run-0', 0, 'what is the weather?'),
          ended('run-0', 'completed'),
          said('run-1', 1, 'and tomorrow, please?'),
          asked(0, 'run-1', { input: 'and tomorrow, please?' }),
        ],
      ],
      [
        '2 times',
        [
          said('run-0', 0, 'what is the weather?'),
          asked(0, 'run-0', { input: [user('what is the weather?'), user('what is the weather?')] }),
        ],
      ],
      [
        'out of order',
        [
          said('run-0', 0, 'what is the weather?'),
          ended('run-0', 'completed'),
          said('run-1', 1, 'and tomorrow, please?'),
          asked(0, 'run-1', { input: [user('and tomorrow, please?'), user('what is the weather?')] }),
        ],
      ],
      [
        'the result of get_weather (call_1)',
        [
          said('run-0', 0, 'what is the weather?'),
          asked(0, 'run-0', { input: 'what is the weather?' }),
          answered(0, 'resp_1', [call('call_1')]),
          asked(1, 'run-0', { input: 'what is the weather?' }),
        ],
      ],
      [
        'the answer "let me look that up"',
        [
          said('run-0', 0, 'what is the weather?'),
          asked(0, 'run-0', { input: 'what is the weather?' }),
          answered(0, 'resp_1', [message('let me look that up'), call('call_1')]),
          asked(1, 'run-0', {
            input: [user('what is the weather?'), call('call_1'), result('call_1', 'rain')],
          }),
        ],
      ],
    ],
  },
}

describe.each(invariants)('$id', (invariant) => {
  const known = cases[invariant.id]

  it('has histories that hold and histories that break', () => {
    expect(known?.holds.length).toBeGreaterThan(0)
    expect(known?.breaks.length).toBeGreaterThan(0)
  })

  it.each(known?.holds.map((history) => [history]) ?? [])('holds in history %#', (history) => {
    expect(invariant.check(history)).toEqual([])
  })

  it.each(known?.breaks ?? [])('is broken: %s', (message, history) => {
    const [first] = invariant.check(history)
    expect(first?.message).toContain(message)
    expect(history[first?.at ?? -1]).toBeDefined()
  })
})

type Of<K extends HistoryEvent['kind']> = Extract<HistoryEvent, { kind: K }>
type Status = Of<'run.end'>['outcome']['status']
type Served = NonNullable<Of<'response.end'>['response']>

function spanStart(span: string): HistoryEvent {
  return { kind: 'span.start', span, name: span }
}
function spanEnd(span: string): HistoryEvent {
  return { kind: 'span.end', span, name: span, attributes: {} }
}
function said(run: string, turn: number, input: string): HistoryEvent {
  return { kind: 'run.start', run, turn, input }
}
function ended(run: string, status: Status): HistoryEvent {
  return { kind: 'run.end', run, outcome: { status, text: '' } }
}
function afterRun(run: string): HistoryEvent {
  return { kind: 'hook', run, name: 'after_run' }
}
function asked(request: number, run: string, body: Of<'request'>['body']): HistoryEvent {
  return { kind: 'request', request, run, body }
}
function answered(
  request: number,
  id: string,
  output: Served['output'] = [],
  how: Of<'response.end'>['how'] = 'completed',
  stored = true,
): HistoryEvent {
  return { kind: 'response.end', request, how, response: { id, stored, output } }
}
function toolEnded(run: string, value: string): HistoryEvent {
  return { kind: 'tool.end', run, name: 'get_weather', result: value }
}
function call(call_id: string) {
  return { type: 'function_call', call_id, name: 'get_weather', arguments: '{}' }
}
function result(call_id: string, output: string) {
  return { type: 'function_call_output', call_id, output }
}
function message(text: string) {
  return { type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] }
}
function user(text: string) {
  return { role: 'user', content: text }
}
