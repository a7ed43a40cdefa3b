import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkStream } from '../../grammar/stream.ts'
import { parseSseEvents } from '../../grammar/wire.ts'
import { isObject } from '../../json.ts'
import { parseJsonOrUndefined } from '../../limits.ts'
import { parseSse } from '../../sse.ts'
import { findSharedFolder } from '../../testing/shared-folder.ts'
import { readRecordings } from '../formats/read.ts'
import { replay, replayFile, replayThroughHelper } from '../testing/replay.ts'
import type { Recording, RecordingFile } from '../types.ts'
import { KEYS, LITERALS, MODEL_PARTS, SCHEMA_KEYWORDS, SCHEMA_VALUES } from './anonymise/vocabulary.ts'
import { createAnonymiser } from './anonymise.ts'
import { createGrouping, readTies } from './grouping.ts'
import { walkStrings } from './secrets.ts'

const shared = findSharedFolder()
const files = shared
  ? (await readRecordings(join(shared, 'recordings/conversations'))).recordings.map(({ file }) => file)
  : []
const anonymise = createAnonymiser('a key for tests')
const pairs = files.map((file) => [file, anonymise(file)] as const)
const exchanges = pairs.flatMap(([before, after]) =>
  before.recordings.map((one, at) => [one, after.recordings[at] as Recording] as const),
)

describe.runIf(shared)('anonymised recordings (needs ../shared)', () => {
  test("no word of four letters or more is left, but the protocol's own", () => {
    const protocol = new Set(
      [...KEYS, ...LITERALS, ...MODEL_PARTS, ...SCHEMA_KEYWORDS, ...SCHEMA_VALUES, ...KEPT].flatMap(wordsOf),
    )
    const left = new Map<string, string>()
    for (const [before, after] of exchanges) {
      const known = new Set(strings(before).flatMap(wordsOf))
      for (const text of strings(after))
        for (const word of wordsOf(text))
          if (known.has(word) && !protocol.has(word)) left.set(word, text.slice(0, 100))
    }
    expect([...left]).toEqual([])
  })

  test('bodies and streams keep their shape and every length', () => {
    for (const [before, after] of exchanges) {
      const [a, b] = [wireOf(before), wireOf(after)]
      expect(b.map(shapeOf)).toEqual(a.map(shapeOf))
    }
  })

  test('each stream breaks the same rules of the grammar as before: none, or the same', () => {
    for (const [before, after] of exchanges) {
      if (!('sse' in before.response.body) || !('sse' in after.response.body)) continue
      const rules = (sse: string) =>
        checkStream(parseSseEvents(sse)).breaches.map(({ rule, at }) => [rule, at])
      expect(rules(after.response.body.sse)).toEqual(rules(before.response.body.sse))
    }
  })

  test('what linked exchanges links them still', () => {
    const links = (file: RecordingFile) => {
      const grouping = createGrouping()
      for (const [index, one] of file.recordings.entries()) grouping.add(index, readTies(one))
      return file.recordings.map((_, index) => grouping.findLinks(index))
    }
    for (const [before, after] of pairs) expect(links(after)).toEqual(links(before))
  })

  test('every exchange plays back through the SDK', async () => {
    const counts = { create: 0, helper: 0, error: 0, json: 0 }
    for (const [, file] of pairs) {
      await replayFile('fetch', file, (client) => replay(client, file, counts))
      await replayThroughHelper('fetch', file, counts)
    }
    expect(counts).toEqual({ create: 105, helper: 103, error: 1, json: 176 })
  })
})

/** These words are kept in paths, queries, ids and URLs. */
const KEPT = ['responses', 'true', 'false', 'resp', 'https']

const wordsOf = (text: string): string[] => text.toLowerCase().match(/\p{L}{4,}/gu) ?? []

/**
 * Returns the strings and keys of a request and a response. Opaque tokens are left out, because a word in one is
 * chance.
 */
function strings(recording: Recording): string[] {
  return [
    recording.request.body,
    recording.request.url.replace(/^https:\/\/[^/]+/, ''),
    ...wireOf(recording),
  ].flatMap((value) =>
    [...walkStrings(value, '$')].map(({ text }) =>
      text.replace(/[A-Za-z0-9+/_=-]{16,}/g, (run) => (/\d/.test(run) ? ' ' : run)),
    ),
  )
}

function wireOf({ response: { body } }: Recording): unknown[] {
  if ('json' in body) return [body.json]
  return 'sse' in body
    ? parseSse(body.sse).map(({ data }) => parseJsonOrUndefined(data) ?? data)
    : [body.text]
}

/** Returns a value with each string replaced by its length. */
function shapeOf(value: unknown): unknown {
  if (typeof value === 'string') return value.length
  if (Array.isArray(value)) return value.map(shapeOf)
  if (!isObject(value)) return typeof value
  return Object.entries(value).flatMap(([key, held]) => [
    key.length,
    key === 'pattern' && typeof held === 'string' ? 0 : shapeOf(held),
  ])
}
