import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeNamedFile, writeResultFile } from './result-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'conform-result-file-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('a result takes the place of an earlier one', async () => {
  const path = join(folder, 'result.json')
  await writeResultFile(path, 'first')
  await writeResultFile(path, 'second')
  expect(readFileSync(path, 'utf8')).toBe('second')
  expect(readdirSync(folder)).toEqual(['result.json'])
})

test.each([writeResultFile, writeNamedFile])(
  '%o: a link is replaced, and its target stays',
  async (write) => {
    const target = join(folder, 'precious')
    writeFileSync(target, 'mine')
    symlinkSync(target, join(folder, 'result.json'))
    symlinkSync(join(folder, 'not-there'), join(folder, 'dangling.json'))
    await write(join(folder, 'result.json'), 'result')
    await write(join(folder, 'dangling.json'), 'result')
    expect(readFileSync(target, 'utf8')).toBe('mine')
    expect(() => readlinkSync(join(folder, 'result.json'))).toThrow('EINVAL')
    expect(readdirSync(folder).sort()).toEqual(['dangling.json', 'precious', 'result.json'])
  },
)

test('where the result cannot be written nothing is left, and an earlier one stays', async () => {
  mkdirSync(join(folder, 'result.json'))
  await expect(writeResultFile(join(folder, 'result.json'), 'text')).rejects.toThrow('EISDIR')
  await expect(writeResultFile(join(folder, 'no-folder', 'a.json'), 'text')).rejects.toThrow('ENOENT')
  expect(readdirSync(folder)).toEqual(['result.json'])
})

test('a device that a user names is written to as it is', async () => {
  await writeNamedFile('/dev/null', 'text')
  await expect(writeResultFile('/dev/full/x', 'text')).rejects.toThrow('ENOTDIR')
})
