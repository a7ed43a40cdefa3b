import { readdir } from 'node:fs/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { httpTransportNames } from '../../transports.ts'
import { checkPaths, checkRecordings } from '../check.ts'
import { type ReadRecordings, readRecordings } from '../formats/read.ts'
import { createAnonymiser } from '../record/anonymise.ts'
import { replay, replayFile, replayThroughHelper } from '../testing/replay.ts'
import type { RecordingFile } from '../types.ts'
import { recordStory } from './make.ts'
import { stories } from './stories.ts'

const folder = import.meta.dirname
let read: ReadRecordings
let files: RecordingFile[]
beforeAll(async () => {
  read = await readRecordings(folder)
  files = read.recordings.map(({ file }) => file)
})

describe("the project's own recordings", () => {
  test('are the stories, all of them', async () => {
    expect(read.errors).toEqual([])
    expect(files.map(({ id }) => id)).toEqual(stories.map(({ id }) => id))
    const names = (await readdir(folder)).filter((name) => name.endsWith('.json'))
    expect(names).toEqual(stories.map(({ id }) => `${id}.json`))
  })

  test.each(stories.map((story) => [story.id, story] as const))(
    '%s is made again just so (if the service has changed: node mocks/recordings/own/make.ts)',
    async (id, story) => {
      expect(await recordStory(story)).toEqual(files.find((file) => file.id === id))
    },
  )

  test('break no rule', async () => {
    const { findings, interactions, streams } = await checkPaths([folder])
    // The resumed stream and the nested error event are intended. The checker reports both as quirks.
    expect(findings.map(({ kind, rule }) => [kind, rule])).toEqual([
      ['quirk', 'resumed'],
      ['quirk', 'error-event-nested'],
    ])
    expect(interactions).toBe(files.reduce((sum, { recordings }) => sum + recordings.length, 0))
    expect(streams).toBeGreaterThanOrEqual(15)
  })

  test.each(httpTransportNames)('play back through the SDK over %s', async (name) => {
    const counts = { create: 0, helper: 0, error: 0, json: 0 }
    for (const file of files) {
      await replayFile(name, file, (client) => replay(client, file, counts))
      await replayThroughHelper(name, file, counts)
    }
    expect(counts.error).toBe(1)
    expect(counts.create + counts.error + counts.json).toBe(
      files.reduce((sum, { recordings }) => sum + recordings.length, 0),
    )
  })

  test('hold what the issue asks for', () => {
    const wire = JSON.stringify(files)
    for (const part of [
      'function_call_output',
      'encrypted_content',
      'previous_response_id',
      'response.refusal.delta',
      'response.incomplete',
      'response.failed',
      'starting_after=3',
    ])
      expect(wire).toContain(part)
    const statuses = files.flatMap(({ recordings }) => recordings.map(({ response }) => response.status))
    expect(statuses.filter((status) => status === 400)).toHaveLength(2)
  })

  test('anonymised, they keep every rule and play back', async () => {
    const anonymise = createAnonymiser('a key for tests')
    const counts = { create: 0, helper: 0, error: 0, json: 0 }
    for (const file of files.map(anonymise)) {
      expect(checkRecordings(file, file.id).findings.filter(({ kind }) => kind === 'breach')).toEqual([])
      await replayFile('fetch', file, (client) => replay(client, file, counts))
      expect(JSON.stringify(file)).not.toMatch(/Ingrid|harbour|Stavanger|Fjordkongen|get_weather|celsius/i)
    }
  })
})
