import { execFile, execFileSync } from 'node:child_process'
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
import { setTimeout as delay } from 'node:timers/promises'
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

test('a pipe that nobody reads is refused at once, and one with a slow reader gets the whole text', async () => {
  const pipe = join(folder, 'pipe')
  execFileSync('mkfifo', [pipe])
  await expect(writeNamedFile(pipe, 'text')).rejects.toThrow('ENXIO')
  const text = 'x'.repeat(300_000)
  const reading = new Promise<string>((resolve, reject) => {
    const options = { maxBuffer: 1_000_000 }
    execFile('sh', ['-c', 'exec < "$0"; sleep 0.3; cat', pipe], options, (error, stdout) =>
      error === null ? resolve(stdout) : reject(error),
    )
  })
  for (;;) {
    const refused = await writeNamedFile(pipe, text).catch((error: NodeJS.ErrnoException) => error)
    if (refused === undefined) break
    expect(refused.code).toBe('ENXIO')
    await delay(10)
  }
  expect((await reading).length).toBe(text.length)
})

test('a pipe at the name of a result is replaced', async () => {
  const pipe = join(folder, 'result.json')
  execFileSync('mkfifo', [pipe])
  await writeResultFile(pipe, 'text')
  expect(readFileSync(pipe, 'utf8')).toBe('text')
})
