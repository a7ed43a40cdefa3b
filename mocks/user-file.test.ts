import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { MAX_BYTES } from './limits.ts'
import { RecordingError } from './recordings/problem.ts'
import { readUserBytes, readUserText } from './user-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'conform-user-file-'))
afterAll(() => rmSync(folder, { recursive: true }))

const place = (name: string, content: string | Uint8Array = '') => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

describe('a file that a user names', () => {
  test('is read whole, also through a link', () => {
    const path = place('plain.json', '{"ä": 1}')
    symlinkSync(path, join(folder, 'link.json'))
    expect(readUserText(path)).toBe('{"ä": 1}')
    expect(readUserText(join(folder, 'link.json'))).toBe('{"ä": 1}')
    expect(readUserText(place('empty'))).toBe('')
    const large = Buffer.alloc(3_000_000, 'x')
    expect(readUserBytes(place('large', large)).equals(large)).toBe(true)
  })

  const pipe = join(folder, 'pipe')
  execFileSync('mkfifo', [pipe])
  const sparse = place('sparse')
  truncateSync(sparse, 2 ** 30)
  test.each([
    ['a pipe that nobody writes to', pipe, 'found a pipe, expected a regular file'],
    ['an endless device', '/dev/zero', 'found a device, expected a regular file'],
    ['a folder', folder, 'found a folder, expected a regular file'],
    ['a sparse gigabyte', sparse, `found ${2 ** 30} bytes, expected at most ${MAX_BYTES}`],
    ['a file that is not there', join(folder, 'nothing'), 'found no such file'],
    ['a path with a NUL', 'a\0b', 'found ERR_INVALID_ARG_VALUE'],
    ['bytes that are no UTF-8', place('latin1', Uint8Array.of(0xe4)), 'expected UTF-8 text'],
  ])('is refused where it is %s', (_, path, message) => {
    expect(() => readUserText(path)).toThrow(RecordingError)
    expect(() => readUserText(path)).toThrow(message)
  })

  test('is refused where it tells no size and holds too much', () => {
    expect(() => readUserBytes('/proc/self/environ', 10)).toThrow(
      'found more than 10 bytes, expected at most 10',
    )
  })
})
