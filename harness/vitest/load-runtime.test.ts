import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runtimeNamed } from '../testing/promises.ts'
import { loadRuntime, wrongRuntime } from './load-runtime.ts'
import { subjects } from './projects.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conform-test-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const whole = runtimeNamed('any')

describe('wrongRuntime', () => {
  it('finds nothing wrong with what the contract asks for', () => {
    expect(wrongRuntime(whole)).toBeUndefined()
  })

  it.each<[unknown, string]>([
    [undefined, 'found nothing, expected an object'],
    [42, 'found 42, expected an object'],
    [{ ...whole, name: '' }, 'name: found "", expected a string'],
    [{ ...whole, version: 1 }, 'version: found 1, expected a string'],
    [{ ...whole, supports: ['stream'] }, 'supports: found ["stream"], expected a Set of capabilities'],
    [{ ...whole, hooks: null }, 'hooks: found null, expected an object'],
    [{ ...whole, open: 'sesame' }, 'open: found "sesame", expected a function'],
  ])('tells the first that is: %#', (given, message) => {
    expect(wrongRuntime(given)).toBe(message)
  })
})

describe('loadRuntime', () => {
  it('loads every runtime of this project', async () => {
    for (const subject of subjects()) expect(await loadRuntime(subject)).toMatchObject({ name: subject.name })
  })

  it('gives the reason where there is none', async () => {
    const subject = { name: 'mine', folder }
    expect(await loadRuntime(subject)).toMatch(/^mine: adapter\.ts could not be loaded: /)
    await writeFile(join(folder, 'adapter.ts'), 'export const other = 1\n')
    expect(await loadRuntime(subject)).toBe(
      'mine: adapter.ts, export runtime: found nothing, expected an object',
    )
  })
})
