import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { legalStreams } from '../testing/arbitrary-streams.ts'
import { SHELL, STANDARD } from '../testing/broken-streams/edits.ts'
import { formatMutationTable, type NamedStream, runMutations } from '../testing/mutation-run.ts'
import { listStreams, readSharedRecordings } from '../testing/recorded-streams.ts'
import { findSharedFolder } from '../testing/shared-folder.ts'
import {
  codeInterpreter,
  imageGeneration,
  mcpCall,
  mcpListTools,
  message,
  reasoning,
  webSearch,
} from '../testing/streamed-items.ts'
import { buildStream } from '../testing/streams.ts'
import { checkStream } from './stream.ts'

/** The seed for new numbers and edited places. Every event of every stream is changed in every way with any seed. */
const SEED = 20_261_120

const shared = findSharedFolder()
const notResumed = { startingAfter: null }

const byHand: NamedStream[] = [
  { name: 'reasoning, message, call', events: STANDARD, options: notResumed },
  { name: 'shell and patch', events: SHELL, options: notResumed },
  {
    name: 'hosted calls',
    events: buildStream({
      items: [
        mcpListTools('mcpl_1'),
        mcpCall('mcp_1', '{"sides":6}'),
        webSearch('ws_1'),
        codeInterpreter('ci_1', 'print(1)'),
        imageGeneration('ig_1', 2),
        message('msg_1', [{ text: 'Done.' }]),
      ],
    }),
    options: notResumed,
  },
  {
    name: 'refusal, cut off, in the background',
    events: buildStream({
      items: [reasoning('rs_1', []), message('msg_1', [{ refusal: 'I cannot help' }], 'incomplete')],
      ends: 'incomplete',
      queued: true,
    }),
    options: notResumed,
  },
  {
    name: 'failed',
    events: buildStream({ items: [message('msg_1', [{ text: 'Half' }])], ends: 'failed', errorEvent: true }),
    options: notResumed,
  },
  { name: 'resumed', events: STANDARD.slice(9), options: { startingAfter: 8 } },
]

describe(`single-event mutants, seed ${SEED}`, () => {
  test('of streams made by hand are rejected, save those that are legal streams themselves', () => {
    for (const { events, options } of byHand) expect(checkStream(events, options).breaches).toEqual([])
    const run = runMutations(byHand, SEED)
    expect(run.unexplained).toEqual([])
    expect(run.rejected / run.total, formatMutationTable(run)).toBeGreaterThan(0.98)
  })

  test('of any legal stream are rejected, save those that are legal streams themselves', () => {
    fc.assert(
      fc.property(legalStreams, fc.nat(), (plan, seed) => {
        const run = runMutations([{ name: 'any', events: buildStream(plan), options: notResumed }], seed)
        expect(run.unexplained).toEqual([])
      }),
    )
  })
})

describe.runIf(shared)('the recorded streams (needs ../shared)', () => {
  const streams = shared ? listStreams(readSharedRecordings(shared)) : []

  test('are 106, and break no rule', () => {
    expect(streams.length).toBe(106)
    const broken = streams.flatMap(({ name, events, options }) =>
      checkStream(events, options).breaches.map((breach) => ({ name, ...breach })),
    )
    expect(broken).toEqual([])
  })

  test('show these quirks and no other', () => {
    const count: Record<string, number> = {}
    for (const { events, options } of streams) {
      for (const { quirk } of checkStream(events, options).quirks) count[quirk] = (count[quirk] ?? 0) + 1
    }
    expect(count).toEqual({
      'empty-terminal-output': 2,
      'encrypted-content-differs': 15,
      'error-event-nested': 1,
      'hosted-call-without-completed': 1,
      'interleaved-items': 1,
      'item-added-completed': 6,
      'item-done-unfinished': 1,
      'items-without-done': 1,
      'obfuscation-unpadded': 22,
      resumed: 2,
    })
  })

  test(`reject at least 99.9% of their mutants, seed ${SEED}, and every survivor has its reason`, () => {
    const run = runMutations(streams, SEED)
    console.log(`mutants of the recorded streams, seed ${SEED}\n${formatMutationTable(run)}`)
    expect(run.unexplained).toEqual([])
    expect(run.total).toBeGreaterThan(20_000)
    expect(run.rejected / run.total).toBeGreaterThanOrEqual(0.999)
    for (const [kind, { mutants, rejected }] of Object.entries(run.rows)) {
      // The one stream with an error event may end with that event, so that its response.failed can be missing.
      const ends = kind === 'drop' || kind === 'truncate' ? 1 : 0
      if (!kind.endsWith('numbered')) expect({ kind, rejected }).toEqual({ kind, rejected: mutants - ends })
    }
  })

  test('lose their numbers and are still accepted', () => {
    for (const { name, events, options } of streams) {
      const bare = events.map(({ data, ...frame }) => {
        const { sequence_number: _, ...rest } = data as Record<string, unknown>
        return { ...frame, data: rest }
      })
      expect({ name, ...checkStream(bare, options) }).toMatchObject({ name, breaches: [] })
    }
  })
})
