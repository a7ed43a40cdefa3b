import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseEndpoint } from '../../endpoint.ts'
import type { Json } from '../../json.ts'
import { findSharedFolder } from '../../testing/shared-folder.ts'
import { openTransport } from '../../transports.ts'
import { walkDifferences } from '../difference.ts'
import { readRecordings } from '../formats/read.ts'
import { createPlayback } from '../playback.ts'
import { createStandIns } from '../stand-in.ts'
import type { RecordingFile } from '../types.ts'
import { createScrubber } from './scrub.ts'

const shared = findSharedFolder()
const files = shared
  ? (await readRecordings(join(shared, 'recordings/conversations'))).recordings.map(({ file }) => file)
  : []

function scrubFile(file: RecordingFile): RecordingFile {
  const scrubber = createScrubber(createStandIns())
  for (const recording of file.recordings) scrubber.learnRecording(recording)
  return scrubber.scrub(file)
}

describe.runIf(shared)('real conversations without their credentials (needs ../shared)', () => {
  const pairs = files.map((file) => [file, scrubFile(file)] as const)

  test('nothing changes but headers and URLs of MCP servers, and variables of prompts', () => {
    const changed = pairs.flatMap(([before, after]) =>
      [...walkDifferences(before as unknown as Json, after as unknown as Json, '$')].map(({ path }) => path),
    )
    const places = new Set(
      changed.map((path) => path.replace(/\[\d+\]/g, '').replace(/^\$\.recordings\./, '')),
    )
    expect([...places].sort()).toEqual([
      'request.body.prompt.variables.user_file.file_url',
      'request.body.prompt.variables.user_image_1.image_url',
      'request.body.prompt.variables.user_message.text',
      'request.body.tools.headers["custom-header-key"]',
      'request.body.tools.server_url',
      // The answer repeats the variables, and the instructions that they were put into.
      'response.body.json.instructions.content.file_url',
      'response.body.json.instructions.content.image_url',
      'response.body.json.instructions.content.text',
      'response.body.json.prompt.variables.user_file.file_url',
      'response.body.json.prompt.variables.user_image_1.image_url',
      'response.body.json.prompt.variables.user_message.text',
      'response.body.sse',
    ])
    expect(pairs.filter(([before, after]) => JSON.stringify(before) !== JSON.stringify(after))).toHaveLength(
      3,
    )
  })

  test('every original request is answered from the scrubbed recording, with the recorded bytes', async () => {
    let served = 0
    for (const [before, after] of pairs) {
      const playback = createPlayback([after])
      const transport = await openTransport('fetch', playback.handlers)
      for (const [index, { request }] of before.recordings.entries()) {
        const { path, query } = parseEndpoint(request.url)
        const asked = `${transport.baseURL}${path}?${new URLSearchParams(query).toString()}`
        const answer = await (transport.fetch ?? fetch)(asked, {
          method: request.method,
          headers: { 'content-type': 'application/json' },
          body: request.body === null ? null : JSON.stringify(request.body),
        })
        const { body } = playback.served[index]?.recording.response ?? {}
        const wanted =
          body && ('sse' in body ? body.sse : 'json' in body ? JSON.stringify(body.json) : body.text)
        expect([before.id, index, await answer.text()]).toEqual([
          before.id,
          index,
          wanted ?? 'nothing served',
        ])
        served++
      }
      await transport.close()
    }
    expect(served).toBe(282)
  })
})
