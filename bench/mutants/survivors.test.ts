import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import type { Mutant, MutantKey } from './mutant.ts'
import { findStale, formatEntry, readSurvivors } from './survivors.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conform-test-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const key = { file: 'telemetry/span.ts', text: 'if (a > 0) {', original: 'a > 0', mutated: 'a >= 0' }
const entry = { status: 'equivalent', ...key, why: 'a is never 0 here' }

async function read(value: unknown) {
  await writeFile(join(folder, 'mutants.yaml'), typeof value === 'string' ? value : stringify(value))
  return readSurvivors(folder)
}

describe('readSurvivors', () => {
  it('returns the entries, and none for a missing or empty file', async () => {
    expect(readSurvivors(folder)).toEqual([])
    expect(await read('')).toEqual([])
    expect(await read([entry, { ...entry, nth: 2 }])).toEqual([
      { ...entry, nth: 1 },
      { ...entry, nth: 2 },
    ])
  })

  it.each<[string, unknown, string]>([
    ['no list', { entry }, 'mutants.yaml: $: found an object, expected array'],
    ['an unknown key', [{ ...entry, line: 3 }], 'mutants.yaml: $[0]: found unknown keys line'],
    ['no reason', [{ ...entry, why: '' }], 'mutants.yaml: $[0].why: found ""'],
    ['another status', [{ ...entry, status: 'fine' }], 'mutants.yaml: $[0].status: found "fine"'],
    [
      'a tolerated mutant without a source',
      [{ ...entry, status: 'tolerated' }],
      '$[0].source: found nothing',
    ],
    ['a file of another folder', [{ ...entry, file: '../a.ts' }], 'expected a .ts file of the runtime'],
    ['a mutant twice', [entry, entry], '$[1]: found the mutant of $[0] again, expected each mutant once'],
    ['no YAML', '- status: [', 'mutants.yaml: line'],
  ])('refuses %s, with the file and the place', async (_, value, message) => {
    await expect(read(value)).rejects.toThrow(message)
  })

  it('reads the line that is printed for a mutant', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 })
    const keys = fc.record<MutantKey>({
      file: fc.constant('a.ts'),
      text,
      original: text,
      mutated: text,
      nth: fc.integer({ min: 1, max: 3 }),
    })
    await fc.assert(
      fc.asyncProperty(keys, async (given) => {
        const line = formatEntry(given).replace('why: ""', 'why: "looked at by nobody"')
        expect(line).not.toContain('\n')
        expect(await read(line)).toEqual([{ status: 'open', ...given, why: 'looked at by nobody' }])
      }),
      { numRuns: 50 },
    )
  })
})

describe('findStale', () => {
  const mutant: Mutant = { runtime: 'r', id: '1', line: 9, ...key, nth: 1 }

  it('returns entries without a mutant, wherever the mutants stand now', async () => {
    const entries = await read([entry, { ...entry, nth: 2 }, { ...entry, text: 'if (b > 0) {' }])
    expect(findStale(entries, [mutant, { ...mutant, line: 90 }])).toEqual(entries.slice(1))
  })
})
