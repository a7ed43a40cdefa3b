import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Recorded } from '../contract/scenario.ts'
import { buildCases } from './cases.ts'
import { readAllRecordings } from './recordings.ts'
import { buildDefaults } from './settings.ts'

const own = fileURLToPath(new URL('../../mocks/recordings/own', import.meta.url))

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recordings-'))
  await copyFile(join(own, 'text.json'), join(folder, 'a.json'))
  // Another conversation under the same id.
  const other = await readFile(join(own, 'tools.json'), 'utf8')
  await writeFile(join(folder, 'b.json'), other.replace('"id": "tools"', '"id": "text"'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('of two recordings with one id the first is taken, and the other is told with its file', async () => {
  const { recordings, errors } = await readAllRecordings([folder])
  expect(errors).toEqual([])
  expect(recordings.map(({ path }) => path)).toEqual([join(folder, 'a.json')])
  expect(recordings[0]?.leftOut.map(({ message }) => message)).toEqual([
    `${join(folder, 'b.json')}: id: found "text", which a recording in ${join(folder, 'a.json')} also has, expected a unique id`,
  ])
})

test('a file that is named twice is one', async () => {
  const { recordings } = await readAllRecordings([own, join(own, 'text.json'), own])
  expect(recordings.flatMap(({ leftOut }) => leftOut)).toEqual([])
  expect(recordings).toHaveLength(10)
})

test('an id is one case, which says what was left out', async () => {
  const scenario: Recorded = {
    about: 'Some.',
    source: 'Some.',
    fromRecording: () => ({ plans: [], inexpressible: [], leftOut: ['its own'] }),
  }
  const runtime = { name: 'any', supports: new Set<never>() }
  const settings = { ...buildDefaults(new Date(0)), recordings: [folder] }
  const cases = await buildCases('recordings', scenario, runtime, settings)
  expect(cases.map(({ scenario: of }) => of)).toEqual(['recordings/text'])
  expect(cases[0]?.leftOut).toEqual(['its own', expect.stringContaining('b.json: id: found "text"')])
})
