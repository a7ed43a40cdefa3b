import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { legalStreams } from '../../testing/arbitrary-streams.ts'
import {
  edit,
  editItem,
  editResponse,
  renumbered,
  STANDARD,
  twice,
  without,
} from '../../testing/broken-streams/edits.ts'
import {
  bare,
  functionCall,
  imageGeneration,
  mcpCall,
  mcpListTools,
  message,
  reasoning,
  webSearch,
} from '../../testing/streamed-items.ts'
import { buildStream, copyData } from '../../testing/streams.ts'
import { checkStream, streamQuirks } from '../stream.ts'
import type { StreamEvent } from '../types.ts'

const done = 'response.output_item.done'
const FAILED = buildStream({ items: [], ends: 'failed', errorEvent: true })
const CALL = buildStream({ items: [functionCall('fc_1', 'look_up', '{}')] })
const IMAGE = buildStream({ items: [imageGeneration('ig_1', 1)] })

const REASONED = buildStream({ items: [reasoning('rs_1', ['Six.'])] })

const thought = reasoning('rs_1', [], ['Six sides.'])
const bareReasoning = { ...thought, between: thought.between.filter(({ type }) => !isPartEvent(type)) }

const asked = mcpCall('mcp_1', '{"sides":6}')
const approval = { approval_request_id: 'mcpr_1', arguments: '{"sides":6}' }
const approvedCall = {
  added: { ...asked.added, ...approval },
  between: asked.between.filter(({ type }) => !String(type).includes('arguments')),
  done: { ...asked.done, ...approval },
}

const spoken = message('msg_1', [{ text: 'Six.' }])
const audio = { type: 'output_audio', data: 'AAAA' }
const withPart = {
  ...spoken,
  between: spoken.between.filter(({ type }) => isPartEvent(type)).map((event) => ({ ...event, part: audio })),
  done: { ...spoken.done, content: [audio] },
}

function isPartEvent(type: unknown): boolean {
  return String(type).startsWith('response.content_part.')
}

/** Returns a stream of one item with item.done and the terminal output changed. */
function editDone(
  base: readonly StreamEvent[],
  change: (item: Record<string, unknown>) => void,
): StreamEvent[] {
  const doneToo = editItem(base, done, change)
  return editResponse(doneToo, 'response.completed', (response) => {
    const output = response['output']
    if (Array.isArray(output)) change(output[0] as Record<string, unknown>)
  })
}

/**
 * Returns a stream with three lists of tools at once, two of which are never done. A recording with three MCP servers
 * shows that.
 */
function threeServers(): StreamEvent[] {
  const items = [mcpListTools('mcpl_0'), mcpListTools('mcpl_1'), bare('mcpl_2', 'program', undefined)]
  const events = copyData(buildStream({ items }))
  const order = [0, 1, 2, 3, 6, 7, 4, 8, 10, 11, 12]
  return renumbered(order.map((at) => ({ data: events[at] })))
}

const quirky: Record<string, { events: StreamEvent[]; startingAfter?: number; also?: string[] }> = {
  'no-sequence-number': {
    events: copyData(STANDARD).map(({ sequence_number: _, ...data }) => ({ data })),
  },
  resumed: { events: STANDARD.slice(5), startingAfter: 4 },
  'interleaved-items': { events: threeServers(), also: ['items-without-done'] },
  'items-without-done': { events: threeServers(), also: ['interleaved-items'] },
  'empty-terminal-output': {
    events: editResponse(STANDARD, 'response.completed', (response) => {
      response['output'] = []
    }),
  },
  'encrypted-content-differs': {
    events: editItem(STANDARD, done, (item) => {
      item['encrypted_content'] = 'sealed otherwise'
    }),
  },
  'error-event-nested': { events: FAILED },
  'error-event-flat': {
    events: edit(FAILED, 'error', (data) => {
      delete data['error']
      Object.assign(data, { code: 'server_error', message: 'No.', param: null })
    }),
  },
  'done-sentinel': { events: [...STANDARD, { data: '[DONE]' }] },
  'unknown-event': {
    events: renumbered(STANDARD.toSpliced(4, 0, { data: { type: 'response.novelty' } })),
  },
  'unknown-item': { events: buildStream({ items: [bare('nv_1', 'novelty_call', 'pondering')] }) },
  'item-added-completed': {
    events: editItem(STANDARD, 'response.output_item.added', (item) => (item['status'] = 'completed'), 1),
  },
  'item-done-unfinished': {
    events: editDone(IMAGE, (item) => {
      item['status'] = 'generating'
    }),
  },
  'hosted-call-without-completed': {
    events: without(buildStream({ items: [webSearch('ws_1')] }), 'response.web_search_call.completed'),
  },
  'programmatic-call-status': {
    events: editDone(CALL, (item) => {
      Object.assign(item, { status: 'in_progress', caller: { type: 'program', caller_id: 'call_1' } })
    }),
  },
  'repeated-progress': { events: repeatedProgress() },
  'cancelled-as-failed': {
    events: editResponse(buildStream({ items: [], ends: 'failed' }), 'response.failed', (response) => {
      Object.assign(response, { status: 'cancelled', error: null })
    }),
  },
  'error-event-first': {
    events: renumbered(FAILED.filter(({ event }) => event === 'error')),
    also: ['error-event-nested', 'error-event-last'],
  },
  'error-event-last': { events: FAILED.slice(0, -1), also: ['error-event-nested'] },
  'reasoning-text-bare': {
    events: buildStream({ items: [bareReasoning] }),
  },
  'reasoning-status': {
    events: editItem(REASONED, 'response.output_item.added', (item) => {
      item['status'] = 'in_progress'
    }),
  },
  'approved-call-told': { events: buildStream({ items: [approvedCall] }) },
  'unknown-part': {
    events: buildStream({ items: [withPart] }),
  },
  'obfuscation-unpadded': {
    events: edit(STANDARD, 'response.output_text.delta', (data) => {
      data['obfuscation'] = 'abc'
    }),
  },
}

function repeatedProgress(): StreamEvent[] {
  const events = buildStream({ items: [mcpCall('mcp_1', '{"sides":6}')] })
  const again = events.find(({ event }) => event === 'response.mcp_call.in_progress')
  return renumbered(again ? events.toSpliced(5, 0, again) : [])
}

describe('each quirk', () => {
  test.each(Object.entries(quirky))(
    '%s is recognised by its name',
    (name, { events, startingAfter, also }) => {
      const { breaches, quirks } = checkStream(events, { startingAfter: startingAfter ?? null })
      expect(breaches).toEqual([])
      expect(quirks.map(({ quirk }) => quirk).sort()).toEqual([name, ...(also ?? [])].sort())
    },
  )

  test('has an example', () => {
    expect(streamQuirks.map(({ id }) => id).sort()).toEqual(Object.keys(quirky).sort())
  })

  test('a flat error event may end a stream', () => {
    const flat = quirky['error-event-flat']?.events ?? []
    expect(checkStream(flat.slice(0, -1)).breaches).toEqual([])
  })

  test('a stream resumed at an unknown place is recognised', () => {
    const { breaches, quirks } = checkStream(STANDARD.slice(7))
    expect(breaches).toEqual([])
    expect(quirks).toMatchObject([{ quirk: 'resumed', at: 0, times: 1 }])
  })

  test('a missing end of a hosted call that has no such licence is a breach', () => {
    const lists = buildStream({ items: [mcpListTools('mcpl_1'), message('msg_1', [{ text: 'Done.' }])] })
    expect(checkStream(without(lists, 'response.mcp_list_tools.completed')).breaches[0]?.rule).toBe(
      'item-events-whole',
    )
    expect(checkStream(twice(lists, 'response.mcp_list_tools.completed')).breaches[0]?.rule).toBe(
      'item-events-ordered',
    )
  })
})

describe('legal streams', () => {
  test('of any items, beginnings and ends break no rule', () => {
    fc.assert(
      fc.property(legalStreams, (plan) => {
        const { breaches, quirks } = checkStream(buildStream(plan), { startingAfter: null })
        expect(breaches).toEqual([])
        expect(quirks.map(({ quirk }) => quirk)).toEqual(plan.errorEvent ? ['error-event-nested'] : [])
      }),
    )
  })

  test('resumed after any of their events break no rule', () => {
    fc.assert(
      fc.property(legalStreams, fc.nat(), (plan, place) => {
        const events = buildStream(plan)
        const startingAfter = place % events.length
        const rest = events.slice(startingAfter + 1)
        fc.pre(rest.length > 0)
        expect(checkStream(rest, { startingAfter }).breaches).toEqual([])
      }),
      { numRuns: 1000 },
    )
  })
})
