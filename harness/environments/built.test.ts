import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildOnce } from './built.ts'

let parent = ''
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'built-'))
})
afterEach(() => rm(parent, { recursive: true, force: true }))

test('of many that build at once one is used, whole, and nothing else is left', async () => {
  const path = join(parent, 'a')
  const build = (own: number) =>
    buildOnce(path, async (folder) => {
      expect(existsSync(path) && !existsSync(join(path, 'last'))).toBe(false)
      await writeFile(join(folder, 'first'), String(own))
      await writeFile(join(folder, 'last'), String(own))
    })
  await Promise.all([1, 2, 3, 4, 5].map(build))
  const texts = await Promise.all(['first', 'last'].map((name) => readFile(join(path, name), 'utf8')))
  expect(texts[0]).toBe(texts[1])
  expect(await readdir(parent)).toEqual(['a'])
})

test('what is there is not built again', async () => {
  const path = join(parent, 'a')
  let times = 0
  const build = async (folder: string) => {
    times++
    await writeFile(join(folder, 'x'), '')
  }
  await buildOnce(path, build)
  await buildOnce(path, build)
  expect(times).toBe(1)
})

test('a build that fails leaves nothing, and the next one may do better', async () => {
  const path = join(parent, 'a')
  const failing = buildOnce(path, async (folder) => {
    await writeFile(join(folder, 'x'), '')
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  expect(await readdir(parent)).toEqual([])
  await buildOnce(path, (folder) => writeFile(join(folder, 'x'), ''))
  expect(await readdir(path)).toEqual(['x'])
})
