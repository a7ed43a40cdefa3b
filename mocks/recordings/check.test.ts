import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findSharedFolder } from '../testing/shared-folder.ts'
import { checkPaths, checkRecordings, checkSseText, MOST_FINDINGS } from './check.ts'
import { writeRecordingText } from './formats/ours.ts'
import { readRecordingFile } from './formats/read.ts'
import type { RecordingFile } from './types.ts'
import { splitFrames } from './wire.ts'

const fixtures = join(import.meta.dirname, 'formats/fixtures')
const { held } = await readRecordingFile(join(fixtures, 'ours.json'))
const ours = ('recordings' in held ? held.recordings[0] : undefined) as RecordingFile
const [, streamed] = ours.recordings
const wire = streamed && 'sse' in streamed.response.body ? streamed.response.body.sse : ''

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'check-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('check', () => {
  test('a file without Responses traffic is counted as left out, and is no finding', async () => {
    const other = {
      interactions: [
        { request: { method: 'GET', uri: 'http://x/cat.png' }, response: { status: 200, body: 'x' } },
      ],
    }
    await writeFile(join(folder, 'other.json'), JSON.stringify(other))
    const checked = await checkPaths([folder])
    expect([checked.files, checked.withoutTraffic, checked.findings]).toEqual([0, 1, []])
  })

  test('stream events, one per line, are checked as a stream, also under the name of a captured stream', async () => {
    const events = await readFile(join(fixtures, 'event-lines.jsonl'), 'utf8')
    await writeFile(join(folder, 'chunks.txt'), events)
    await writeFile(
      join(folder, 'broken.jsonl'),
      events.replace('response.completed', 'response.in_progress'),
    )
    const { streams, findings } = await checkPaths([folder])
    expect(streams).toBe(4)
    expect(findings.length).toBeGreaterThan(0)
    expect(new Set(findings.map(({ file }) => file))).toEqual(new Set([join(folder, 'broken.jsonl')]))
  })

  test('files of all formats are clean', async () => {
    const checked = await checkPaths([fixtures])
    expect(checked.findings).toEqual([])
    // 15 files of four exchanges, two of them streams, one of two streams, one of two cassettes, and one of aimock.
    expect([checked.files, checked.interactions, checked.streams]).toEqual([18, 64, 33])
    expect(checked.events).toBeGreaterThan(18 * 8)
  })

  test('a captured stream is checked, its events numbered', async () => {
    const frames = splitFrames(wire)
    await writeFile(join(folder, 'good.sse'), wire)
    await writeFile(join(folder, 'bad.txt'), frames.toSpliced(3, 1).join(''))
    await writeFile(join(folder, 'unnamed'), wire)
    const { findings, streams } = await checkPaths([folder, join(folder, 'unnamed')])
    expect(streams).toBe(3)
    expect(findings[0]).toMatchObject({
      file: join(folder, 'bad.txt'),
      interaction: 0,
      event: 3,
      kind: 'breach',
    })
    expect(new Set(findings.map(({ file }) => file)).size).toBe(1)
  })

  test('a breach in a recording tells its interaction and event', async () => {
    const broken = structuredClone(ours)
    const body = broken.recordings[1]?.response.body as { sse: string }
    body.sse = splitFrames(wire).toSpliced(4, 1).join('')
    await writeFile(join(folder, 'a.json'), writeRecordingText(broken))
    const { findings } = await checkPaths([folder])
    expect(findings[0]).toMatchObject({ interaction: 1, event: 4, kind: 'breach' })
  })

  test('an exchange that breaks a rule is told without an event', () => {
    const broken = structuredClone(ours)
    const refused = broken.recordings[3] as RecordingFile['recordings'][number]
    refused.response.body = { json: { error: 'no' } }
    expect(checkRecordings(broken, 'x').findings).toEqual([
      expect.objectContaining({ file: 'x', interaction: 3, event: null, kind: 'breach' }),
    ])
  })

  test('a stream that was cut is told as such; what it lacks at its end is no breach', () => {
    const cut = structuredClone(ours)
    const first = cut.recordings[1] as RecordingFile['recordings'][number]
    const sse = splitFrames(wire).slice(0, 5).join('')
    first.response.body = { sse, exact: true, cut: 'client' }
    expect(checkRecordings(cut, 'x').findings.map(({ rule, kind }) => [rule, kind])).toContainEqual([
      'cut-stream',
      'quirk',
    ])
    expect(
      checkRecordings(cut, 'x').findings.filter(
        ({ interaction, kind }) => interaction === 1 && kind === 'breach',
      ),
    ).toEqual([])
    expect(checkSseText(sse, 'x').findings.map(({ kind }) => kind)).toContain('breach')
  })

  test('quirks of the wire are told and break nothing', () => {
    const { findings } = checkSseText(wire.replaceAll('\n', '\r\n'), 'x')
    expect(findings.map(({ kind }) => kind)).toEqual(findings.map(() => 'quirk'))
    expect(findings.map(({ rule }) => rule)).toContain('wire-carriage-return')
  })

  test('what cannot be read is a finding, and the rest is checked', async () => {
    await writeFile(join(folder, 'a.json'), '{')
    await writeFile(join(folder, 'b.json'), writeRecordingText(ours))
    await writeFile(join(folder, 'c.sse'), `data: ${'['.repeat(200_000)}${']'.repeat(200_000)}\n\n`)
    const { findings, interactions } = await checkPaths([folder, join(folder, 'none')])
    expect(interactions).toBe(4)
    expect(findings.map(({ file, rule, interaction }) => [file, rule, interaction])).toEqual([
      [join(folder, 'none'), 'readable', null],
      [join(folder, 'a.json'), 'readable', null],
      [join(folder, 'c.sse'), 'readable', null],
    ])
    expect(findings[2]?.message).toContain('interaction 0, event 0: found 200000 levels of nesting')
  })

  test.each([
    ['a captured stream', 'a.sse', (text: string) => text],
    [
      'a recording',
      'a.json',
      (sse: string) =>
        writeRecordingText({
          ...ours,
          recordings: ours.recordings.slice(1, 2).map(({ request, response }) => ({
            request,
            response: { ...response, body: { sse, exact: true } },
          })),
        }),
    ],
  ])('a million broken events in %s exhaust nothing, and the first are told', async (_, name, written) => {
    await writeFile(join(folder, name), written('data: 1\n\n'.repeat(1_000_000)))
    const { findings, further, events } = await checkPaths([folder])
    expect(events).toBe(1_000_000)
    const breaches = findings.filter(({ kind }) => kind === 'breach')
    expect(breaches.map(({ event }) => event)).toEqual(Array.from({ length: MOST_FINDINGS }, (_, at) => at))
    expect(breaches.length + further.breach).toBeGreaterThanOrEqual(1_000_000)
  })
})

const shared = findSharedFolder()
describe.runIf(shared)('checking collected conversations (needs ../shared)', () => {
  test('none breaks a rule', async () => {
    const { findings, files, interactions, streams } = await checkPaths([
      join(shared as string, 'recordings/conversations'),
    ])
    expect([files, interactions, streams]).toEqual([148, 282, 106])
    expect(findings.filter(({ kind }) => kind === 'breach')).toEqual([])
  })
})
