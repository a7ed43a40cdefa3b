import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { sharedFolder } from '../testing/shared.ts'
import { transportNames } from '../transports.ts'
import { readRecordings } from './formats/read.ts'
import { over, replay, replayThroughHelper } from './testing/replay.ts'

const shared = sharedFolder()
const read = shared ? await readRecordings(join(shared, 'recordings/conversations')) : undefined
const files = read?.recordings.map(({ file }) => file) ?? []

describe.runIf(shared)('the recordings (needs ../shared)', () => {
  test('all conversations are read', () => {
    expect(read?.errors).toEqual([])
    const all = files.flatMap(({ recordings }) => recordings)
    const streams = all.filter(({ response }) => 'sse' in response.body)
    expect([files.length, all.length, streams.length]).toEqual([148, 282, 106])
    expect(streams.filter(({ response }) => 'exact' in response.body && response.body.exact)).toHaveLength(71)
    expect(all.filter(({ request }) => !request.recorded)).toHaveLength(10)
  })

  describe.each(transportNames)('played back over %s', (name) => {
    test('every exchange gives through the SDK what was recorded', async () => {
      const counts = { create: 0, helper: 0, error: 0, json: 0 }
      for (const file of files) {
        await over(name, file, (client) => replay(client, file, counts))
        await replayThroughHelper(name, file, counts)
      }
      // 106 streams, of which 104 begin with response.created (one of those holds an error event), and 176 JSON exchanges.
      expect(counts).toEqual({ create: 105, helper: 103, error: 1, json: 176 })
    })
  })
})
