import type { Json } from '../../../mocks/json.ts'
import type { History } from '../../contract/events.ts'
import { answered, asked, call, ended, mode, said, spanEnd, spanStart } from './events.ts'
import type { Examples } from './types.ts'

const RUN = 'c0.t0'
const done = ended(RUN, 'completed')

/** A run with a call in its first round. The span of the call has this parent, and the react spans have these rounds. */
function stepped(parent: string, rounds: readonly Json[] = [1, 2], start = mode('on')): History {
  return [
    ...[start, said(RUN, 'hi'), spanStart('invoke_agent a')],
    ...[spanStart('react 1', 'invoke_agent a'), spanStart('chat 1', 'react 1')],
    ...[asked(1, RUN), answered(1, [call('call_1')]), spanEnd('chat 1', { 'gen_ai.response.id': 'resp_1' })],
    ...[spanStart('extra', 'react 1'), spanStart('react 2', 'invoke_agent a')],
    ...[spanStart('execute_tool b', parent), spanEnd('execute_tool b', { 'gen_ai.tool.call.id': 'call_1' })],
    ...[spanStart('chat 2', 'react 2'), asked(2, RUN), answered(2), spanEnd('chat 2')],
    ...rounds.map((round, nth) => spanEnd(`react ${nth + 1}`, { 'gen_ai.react.round': round })),
    ...[spanEnd('extra'), spanEnd('invoke_agent a'), done],
  ]
}

/** A run of two agents with a react span each. The second has this round. */
function handedOff(round: number): History {
  return [
    ...[mode('on'), said(RUN, 'hi'), spanStart('workflow')],
    ...[spanStart('invoke_agent a', 'workflow'), spanStart('react 1', 'invoke_agent a')],
    ...[spanEnd('react 1', { 'gen_ai.react.round': 1 }), spanEnd('invoke_agent a')],
    ...[spanStart('invoke_agent b', 'workflow'), spanStart('react 2', 'invoke_agent b')],
    ...[spanEnd('react 2', { 'gen_ai.react.round': round }), spanEnd('invoke_agent b')],
    ...[spanEnd('workflow'), done],
  ]
}

const sabotaged = mode('on', { sabotage: { part: 'hook-lost', does: 'drop', nth: 0 } })

export const steps: Record<string, Examples> = {
  'steps-hold-their-tools': {
    holds: [
      stepped('react 1'),
      // A span in between.
      stepped('extra'),
      // The plan took a hook of the steps away.
      { history: stepped('invoke_agent a', [1, 2], sabotaged), unexercised: true },
      // A runtime without steps.
      {
        history: stepped('invoke_agent a').filter(
          (event) => !('span' in event) || !/react/.test(String(event.span)),
        ),
        unexercised: true,
      },
    ],
    breaks: [
      {
        history: stepped('invoke_agent a'),
        says: 'span "execute_tool b" of run c0.t0 is below no react span',
        cause: 'tool span below no react span',
      },
      {
        history: stepped('react 2'),
        says: 'span "execute_tool b" of run c0.t0 is below the react span of another round',
        cause: 'tool span below the react span of another round',
      },
    ],
  },
  'steps-are-numbered': {
    holds: [
      stepped('react 1'),
      // Each agent counts for itself, or all agents together.
      handedOff(1),
      handedOff(2),
      // A step that never ended has no attributes.
      { history: stepped('react 1', [2]), unexercised: true },
    ],
    breaks: [
      {
        history: stepped('react 1', [1, 1]),
        says: 'the react spans of run c0.t0 have the rounds 1, 1, expected 1, 2',
        cause: 'react span with a wrong round',
      },
      { history: stepped('react 1', [0, 1]), says: 'have the rounds 0, 1, expected 1, 2' },
      { history: stepped('react 1', ['1', '2']), says: 'have the rounds 1, 2' },
      { history: handedOff(3), says: 'have the rounds 3, expected 1' },
    ],
  },
}
