import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseEndpoint } from '../endpoint.ts'
import { findSharedFolder } from '../testing/shared-folder.ts'
import { httpTransportNames, openTransport } from '../transports.ts'
import { readRecordings } from './formats/read.ts'
import { createPlayback } from './playback.ts'
import { replay, replayFile, replayThroughHelper } from './testing/replay.ts'

const shared = findSharedFolder()
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

  describe.each(httpTransportNames)('played back over %s', (name) => {
    test('every exchange gives through the SDK what was recorded', async () => {
      const counts = { create: 0, helper: 0, error: 0, json: 0 }
      for (const file of files) {
        await replayFile(name, file, (client) => replay(client, file, counts))
        await replayThroughHelper(name, file, counts)
      }
      // There are 106 streams and 176 JSON exchanges. 104 streams begin with response.created; one of those has an
      // error event.
      expect(counts).toEqual({ create: 105, helper: 103, error: 1, json: 176 })
    })

    test('every stream is the bytes that were recorded', async () => {
      let streams = 0
      for (const file of files)
        for (const recording of file.recordings) {
          const { request, response } = recording
          if (!('sse' in response.body)) continue
          const { handlers } = createPlayback([{ ...file, recordings: [recording] }])
          const transport = await openTransport(name, handlers)
          try {
            const { path, query } = parseEndpoint(request.url)
            const search = new URLSearchParams(query).toString()
            const answer = await (transport.fetch ?? fetch)(`${transport.baseURL}${path}?${search}`, {
              method: request.method,
              headers: { 'content-type': 'application/json' },
              body: request.body === null ? null : JSON.stringify(request.body),
            })
            expect(Buffer.from(await answer.arrayBuffer()).equals(Buffer.from(response.body.sse))).toBe(true)
            streams++
          } finally {
            await transport.close()
          }
        }
      expect(streams).toBe(106)
    })
  })
})
