import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../../json.ts'
import { findSharedFolder } from '../../testing/shared-folder.ts'
import { readRecordings } from '../formats/read.ts'
import type { Recording } from '../types.ts'
import { createConversationFiles } from './conversations.ts'
import { writeRecordingFile } from './files.ts'
import { createGrouping, readTies } from './grouping.ts'

const exchange = (body: Json, answer: Json, path = '/responses'): Recording => ({
  request: { method: 'POST', url: `https://api.openai.com/v1${path}`, headers: {}, body, recorded: true },
  response: { status: 200, headers: {}, body: { json: answer } },
})

/** Returns the groups after the exchanges ended in the given order. */
function groupsOf(exchanges: readonly Recording[], order: readonly number[]): number[][] {
  const grouping = createGrouping()
  const groups = new Map<number, number[]>()
  for (const index of order) {
    const { members, absorbed } = grouping.add(index, readTies(exchanges[index] as Recording))
    for (const first of absorbed) groups.delete(first)
    groups.set(members[0] as number, members)
  }
  return [...groups.values()].sort((a, b) => (a[0] as number) - (b[0] as number))
}

describe('grouping', () => {
  const user = (content: string) => ({ role: 'user', content })
  const exchanges = [
    exchange({ input: 'hi' }, { id: 'resp_aaaa', output: [{ id: 'fc_aaaa', call_id: 'call_aaaa' }] }),
    exchange({ input: 'hello' }, { id: 'resp_bbbb' }),
    exchange(
      { input: [user('hi'), { type: 'function_call_output', call_id: 'call_aaaa' }] },
      { id: 'resp_cccc' },
    ),
    exchange({ previous_response_id: 'resp_bbbb', input: 'more' }, { id: 'resp_dddd' }),
    exchange({}, { id: 'resp_cccc' }, '/responses/resp_cccc/cancel'),
    exchange(
      { input: [user('hello'), { role: 'assistant', content: 'x' }, user('more')] },
      { id: 'resp_eeee' },
    ),
    exchange(
      { conversation: 'conv_aaaa', input: 'x' },
      { id: 'resp_ffff', conversation: { id: 'conv_aaaa' } },
    ),
    exchange({ conversation: { id: 'conv_aaaa' }, input: 'y' }, { id: 'resp_gggg' }),
  ]

  test('by response id, call id, conversation, path and repeated history; whatever the order in which they end', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(
          exchanges.map((_, index) => index),
          { minLength: exchanges.length },
        ),
        (order) => {
          // Only a client that has the answer repeats its history, so that the last such exchange ends last.
          const ended = [...order.filter((index) => index !== 5), 5]
          expect(groupsOf(exchanges, ended)).toEqual([
            [0, 2, 4],
            [1, 3, 5],
            [6, 7],
          ])
        },
      ),
    )
  })

  test('links name the earlier exchange and by what it was named', () => {
    const grouping = createGrouping()
    for (const [index, one] of exchanges.entries()) grouping.add(index, readTies(one))
    expect(exchanges.map((_, index) => grouping.findLinks(index))).toEqual([
      [],
      [],
      [{ from: 0, by: ['call_id', 'prefix'] }],
      [{ from: 1, by: ['previous_response_id'] }],
      [{ from: 2, by: ['path'] }],
      [{ from: 1, by: ['prefix'] }],
      [],
      [{ from: 6, by: ['id'] }],
    ])
  })
})

const shared = findSharedFolder()
describe.runIf(shared)('grouping collected conversations (needs ../shared)', () => {
  test('the links that were collected with them are found', async () => {
    const { recordings } = await readRecordings(join(shared as string, 'recordings/conversations'))
    let [linked, found] = [0, 0]
    for (const { file } of recordings) {
      const grouping = createGrouping()
      for (const [index, one] of file.recordings.entries()) grouping.add(index, readTies(one))
      for (const [index, { links }] of file.recordings.entries()) {
        if (!links || links.length === 0) continue
        linked++
        if (grouping.findLinks(index).length > 0) found++
      }
    }
    expect([linked, found]).toEqual([113, 113])
  })
})

describe('writing', () => {
  test('a write that fails leaves nothing behind', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'write-'))
    await mkdir(join(folder, 'taken.json'))
    await expect(writeRecordingFile(folder, { schema: 1, id: 'taken', recordings: [] }, [])).rejects.toThrow()
    expect(await readdir(folder)).toEqual(['taken.json'])
    await expect(writeRecordingFile(folder, { schema: 1, id: '../x', recordings: [] }, [])).rejects.toThrow(
      'expected an id',
    )
    await rm(folder, { recursive: true })
  })

  test('each state is one whole file, joined conversations become one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'write-'))
    const files = createConversationFiles({ out: folder, listKnownSecrets: () => [], name: 'talk' })
    await files.add(1, exchange({ previous_response_id: 'resp_aaaa' }, { id: 'resp_bbbb' }))
    expect(await readdir(folder)).toEqual(['talk-0002.json'])
    await files.add(0, exchange({}, { id: 'resp_aaaa' }))
    expect(await readdir(folder)).toEqual(['talk-0001.json'])
    const { recordings } = await readRecordings(folder)
    expect(recordings[0]?.file.recordings.map(({ links }) => links)).toEqual([
      undefined,
      [{ from: 0, by: ['previous_response_id'] }],
    ])
    await rm(folder, { recursive: true })
  })
})
