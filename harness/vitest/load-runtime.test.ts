import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LABEL } from '../contract/label.ts'
import { UnknownWordError } from '../contract/nearest-words.ts'
import { createNamedRuntime } from '../testing/promises.ts'
import { findContractError, loadRuntime } from './load-runtime.ts'
import { listDefaultSubjects } from './projects.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conform-test-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const whole = createNamedRuntime('any')

describe('findContractError', () => {
  it('finds nothing wrong with what the contract asks for', () => {
    expect(findContractError(whole)).toBeUndefined()
  })

  it.each<[unknown, string]>([
    [undefined, 'found nothing, expected an object'],
    [42, 'found 42, expected an object'],
    [{ ...whole, name: '' }, `name: found "", expected ${LABEL}`],
    [{ ...whole, name: 'a\nb' }, `name: found "a\\nb", expected ${LABEL}`],
    [{ ...whole, version: 1 }, `version: found 1, expected ${LABEL}`],
    [{ ...whole, version: '1.\u001b[31m' }, `version: found "1.\\u001b[31m", expected ${LABEL}`],
    [{ ...whole, supports: ['stream'] }, 'supports: found ["stream"], expected a Set of capabilities'],
    [{ ...whole, hooks: null }, 'hooks: found null, expected an object of { means, docs }'],
    [{ ...whole, open: 'sesame' }, 'open: found "sesame", expected a function'],
  ])('tells the first that is: %#', (given, message) => {
    expect(findContractError(given)).toBe(message)
  })
})

describe('loadRuntime', () => {
  it('loads every runtime of this project', async () => {
    for (const subject of listDefaultSubjects())
      expect(await loadRuntime(subject)).toMatchObject({ name: subject.name })
  })

  it('puts a defect into one that has it, which then goes by another name', async () => {
    const [reference] = listDefaultSubjects().filter(({ name }) => name === 'reference')
    const subject = { folder: reference?.folder ?? '', name: 'reference+mine', defect: 'history-cut' }
    expect(await loadRuntime(subject)).toMatchObject({ name: 'reference+mine', open: expect.any(Function) })
    const unknown = { ...subject, defect: 'none' }
    expect(await loadRuntime(unknown)).toMatch(/^reference\+mine: adapter\.ts could not be loaded: /)
  })

  it.each([
    ['', 'export default {}', 'adapter.ts, export runtimeOf: found nothing, expected a function'],
    [
      'export const runtimeOf = () => runtime\n',
      'export default {}',
      'parts: found nothing, expected a function',
    ],
  ])('gives the reason where it takes no defect: %#', async (more, defect, reason) => {
    const own = await mkdtemp(join(folder, 'own-'))
    const runtime = `{ name: 'mine', version: '1', supports: new Set(), hooks: {}, open() {} }`
    await writeFile(join(own, 'adapter.ts'), `export const runtime = ${runtime}\n${more}`)
    await mkdir(join(own, 'defects'))
    await writeFile(join(own, 'defects', 'bad.ts'), defect)
    expect(await loadRuntime({ name: 'mine+bad', folder: own, defect: 'bad' })).toMatch(
      new RegExp(`^mine\\+bad: .*${reason}$`),
    )
  })

  it.each([
    [`supports: new Set(['histroy']), hooks: {}`, 'supports: found "histroy", expected perhaps history'],
    [
      `supports: new Set(['after_run']), hooks: { afterRun: { means: 'afterrun', docs: '' } }`,
      'hooks["afterRun"].means: found "afterrun", expected perhaps after_run',
    ],
  ])('refuses an unknown word with the nearest known ones: %s', async (parts, message) => {
    const own = await mkdtemp(join(folder, 'word-'))
    await writeFile(
      join(own, 'adapter.ts'),
      `export const runtime = { name: 'mine', version: '1', ${parts}, open() {} }`,
    )
    const refused = loadRuntime({ name: 'mine', folder: own })
    await expect(refused).rejects.toThrow(`mine: adapter.ts, export runtime: ${message}`)
    await expect(refused).rejects.toBeInstanceOf(UnknownWordError)
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
