import { buildStream } from '../streams.ts'
import {
  type BrokenStream,
  edit,
  editResponse,
  later,
  renumbered,
  STANDARD,
  twice,
  without,
} from './edits.ts'

const QUEUED = buildStream({ items: [], queued: true })

/** One broken stream for each rule of frames, numbers, opening and echo. */
export const brokenOpenings: readonly BrokenStream[] = [
  {
    rule: 'event-is-object',
    how: 'data that is no JSON',
    events: STANDARD.with(3, { event: 'response.output_item.done', data: 'oops' }),
  },
  {
    rule: 'event-is-object',
    how: '[DONE] before the end',
    events: STANDARD.toSpliced(5, 0, { data: '[DONE]' }),
  },
  {
    rule: 'event-has-type',
    how: 'an event without type',
    events: edit(STANDARD, 'response.output_text.delta', (data) => {
      delete data['type']
    }),
  },
  {
    rule: 'event-name-is-type',
    how: 'another name on the frame',
    events: STANDARD.with(0, { ...STANDARD[0], event: 'response.begun', data: STANDARD[0]?.data }),
  },
  {
    rule: 'sequence-present',
    how: 'one event without a number',
    events: edit(STANDARD, 'response.output_text.delta', (data) => {
      delete data['sequence_number']
    }),
  },
  {
    rule: 'sequence-gapless',
    how: 'a number left out',
    events: STANDARD.toSpliced(4, 1),
  },
  {
    rule: 'sequence-first',
    how: 'a resumed stream that repeats an event',
    events: STANDARD.slice(1),
    startingAfter: 1,
  },
  { rule: 'created-first', how: 'no response.created', events: without(STANDARD, 'response.created') },
  { rule: 'created-once', how: 'response.created twice', events: twice(STANDARD, 'response.created') },
  {
    rule: 'opening-order',
    how: 'an item before response.in_progress',
    events: later(STANDARD, 'response.in_progress', 1),
  },
  { rule: 'opening-order', how: 'response.queued twice', events: twice(QUEUED, 'response.queued') },
  {
    rule: 'opening-order',
    how: 'a queued response without response.queued',
    events: without(QUEUED, 'response.queued'),
  },
  {
    rule: 'in-progress-once',
    how: 'response.in_progress twice',
    events: twice(STANDARD, 'response.in_progress'),
  },
  {
    rule: 'response-object',
    how: 'response.created without a response',
    events: edit(STANDARD, 'response.created', (data) => {
      delete data['response']
    }),
  },
  {
    rule: 'response-id-constant',
    how: 'another id in the terminal event',
    events: editResponse(STANDARD, 'response.completed', (response) => {
      response['id'] = 'resp_other'
    }),
  },
  {
    rule: 'opening-status',
    how: 'created as completed',
    events: editResponse(STANDARD, 'response.created', (response) => {
      response['status'] = 'completed'
    }),
  },
  {
    rule: 'opening-output-empty',
    how: 'output in response.created',
    events: editResponse(STANDARD, 'response.created', (response) => {
      response['output'] = [{}]
    }),
  },
  {
    rule: 'opening-usage-null',
    how: 'usage in response.created',
    events: editResponse(STANDARD, 'response.created', (response) => {
      response['usage'] = { total_tokens: 1 }
    }),
  },
  {
    rule: 'opening-completed-at-null',
    how: 'completed_at in response.created',
    events: editResponse(STANDARD, 'response.created', (response) => {
      response['completed_at'] = 1
    }),
  },
  {
    rule: 'opening-repeats-created',
    how: 'another model in response.in_progress',
    events: editResponse(STANDARD, 'response.in_progress', (response) => {
      response['model'] = 'other'
    }),
  },
  {
    rule: 'echo-constant',
    how: 'other tools in the terminal event',
    events: editResponse(STANDARD, 'response.completed', (response) => {
      response['tools'] = []
    }),
  },
  {
    rule: 'service-tier-settles',
    how: 'flex that becomes default',
    events: renumbered(buildStream({ items: [], response: { service_tier: 'flex' } })),
  },
]
