import { mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { jsonDepth, MAX_BYTES, MAX_DEPTH, valueDepth } from '../limits.ts'
import { readOurs, writeRecordingText } from './formats/ours.ts'
import { readRecordings } from './formats/read.ts'
import { buildRecordingPath, deriveRecordingId } from './names.ts'
import { ID, type RecordingFile } from './types.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recordings-'))
})
afterEach(() => rm(folder, { recursive: true }))

const good: RecordingFile = { schema: 1, id: 'good', recordings: [] }
const put = (name: string, data: string | Uint8Array) => writeFile(join(folder, name), data)
const messages = async () =>
  (await readRecordings(folder)).errors.map(({ message }) => message.replace(folder, ''))

describe("a stranger's files", () => {
  test('a broken file is an error that names it; the others are read', async () => {
    await put('a.json', '{')
    await put('b.json', writeRecordingText(good))
    await put('c.json', '{"schema":1,"id":"x","recordings":[{"request":{"method":1}}]}')
    await put('d.json', '[1]')
    await put('ignored.txt', 'x')
    const { recordings, errors } = await readRecordings(folder)
    expect(recordings.map(({ path, format, file }) => [path, format, file])).toEqual([
      [join(folder, 'b.json'), 'ours', good],
    ])
    expect(
      errors.map(({ problem }) => [problem.file, problem.place, problem.found, problem.expected]),
    ).toEqual([
      [join(folder, 'a.json'), '$', expect.stringContaining('position 1'), 'JSON'],
      [join(folder, 'c.json'), '$.recordings[0].request.method', '1', 'string'],
      [join(folder, 'd.json'), '$', 'a list of 1', expect.stringContaining('ours (conform record)')],
    ])
  })

  test('what does not exist is an error, not a crash', async () => {
    expect((await readRecordings(join(folder, 'none'))).errors[0]?.message).toContain(
      'no such file or folder',
    )
  })

  test('more than 64 MB are refused before they are read', async () => {
    await put('big.json', '')
    await truncate(join(folder, 'big.json'), MAX_BYTES + 1)
    expect(await messages()).toEqual(['/big.json: file: found 67108865 bytes, expected at most 67108864'])
  })

  test('nesting beyond 64 levels is refused before it is parsed', async () => {
    await put('deep.json', `{"schema":1,"id":"x","recordings":${'['.repeat(500_000)}${']'.repeat(500_000)}}`)
    expect(await messages()).toEqual(['/deep.json: $: found 500001 levels of nesting, expected at most 64'])
    expect(jsonDepth(`{"a":"[[[[\\"[[","b":[{}]}`)).toBe(3)
    expect(valueDepth({ a: '[[', b: [{}] })).toBe(3)
    expect(valueDepth(JSON.parse('['.repeat(70) + ']'.repeat(70)))).toBe(MAX_DEPTH + 1)
  })

  test('invalid UTF-8 is refused, never turned into other text', async () => {
    await put('bytes.json', Buffer.from('7b226120223a22ff227d', 'hex'))
    expect(await messages()).toEqual([
      '/bytes.json: file: found bytes that are not valid UTF-8, expected UTF-8 text',
    ])
  })

  test('control characters are shown escaped in an error', async () => {
    await put('esc.json', '{"schema":1,"id":"\\u001b]0;pwned\\u0007","recordings":[]}')
    await put('keys.json', '{"\\u001b[2J\\u202e":1}')
    const [id, keys] = await messages()
    expect(id).toContain('"\\u001b]0;pwned\\u0007"')
    expect(keys).toContain('an object with keys \\u001b[2J\\u202e')
    expect(`${id}${keys}`).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })

  test('keys named __proto__ and constructor are kept as data and pollute nothing', () => {
    const body = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'
    const text = `{"schema":1,"id":"p","__proto__":{"x":1},"recordings":[{"request":{"method":"POST","url":"/","body":${body}},"response":{"status":200,"headers":{"__proto__":"x"},"body":{"json":${body}}}}]}`
    const [read] = readOurs(text, 'p.json')
    expect(JSON.stringify(read?.recordings[0]?.request.body)).toBe(body)
    expect(read?.recordings[0]?.response.body).toEqual({ json: JSON.parse(body) })
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype)
  })

  test('symbolic links inside a folder are not followed', async () => {
    await symlink(import.meta.filename, join(folder, 'link.json'))
    await symlink(resolve('/'), join(folder, 'root'))
    expect(await readRecordings(folder)).toEqual({
      recordings: [],
      scripts: [],
      withoutTraffic: [],
      errors: [],
    })
  })
})

describe('ids', () => {
  test.each([
    '../../x',
    '/etc/passwd',
    '..',
    '.',
    '.hidden',
    'a/b',
    'a\\b',
    'C:\\x',
    'a\0b',
    '',
    'a'.repeat(129),
    'CON',
    'nul.x',
    'Com1',
    'é',
    'a\n',
  ])('%j names no file', (id) => {
    expect(() => buildRecordingPath(folder, id)).toThrow('expected an id')
  })

  test('a legal id names a file inside its folder', () => {
    expect(buildRecordingPath(folder, 'conv__a.0-b')).toBe(join(folder, 'conv__a.0-b.json'))
    expect(buildRecordingPath('/', 'a')).toBe(resolve('/a.json'))
  })

  test.each(['a b.yaml', '../../..x.har', 'ü.json', '.json', `${'x'.repeat(200)}.json`])(
    '%j gives an id',
    (name) => {
      expect(deriveRecordingId(name)).toMatch(ID)
    },
  )
})
