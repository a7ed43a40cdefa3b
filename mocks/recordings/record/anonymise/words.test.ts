import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createTexts } from './text.ts'
import { KEYS, LITERALS } from './vocabulary.ts'
import { createWords } from './words.ts'

const word = fc.stringMatching(/^[\p{L}\p{N}]{1,20}$/u)
const shape = (text: string) =>
  text
    .replace(/\p{Lu}/gu, 'A')
    .replace(/\p{Ll}/gu, 'a')
    .replace(/\p{N}/gu, '0')
    .replace(/\p{Lo}/gu, 'o')
    .replace(/\p{Lm}/gu, 'm')
    .replace(/\p{Lt}/gu, 't')

describe('words', () => {
  const words = createWords('key')

  test('keep length and classes, and are the same for the same', () => {
    fc.assert(
      fc.property(word, (text) => {
        expect(shape(words.replaceWord(text))).toBe(shape(text))
        expect(Buffer.byteLength(words.replaceWord(text))).toBe(Buffer.byteLength(text))
        expect(createWords('key').replaceWord(text)).toBe(words.replaceWord(text))
      }),
    )
  })

  test('are one-to-one', () => {
    const all = new Set<string>()
    const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'
    for (const a of letters) for (const b of letters) all.add(words.replaceWord(a + b))
    expect(all.size).toBe(36 * 36)
  })

  test('change with the key, and wherever they have a vowel', () => {
    expect(createWords('other').replaceWord('Wednesday')).not.toBe(words.replaceWord('Wednesday'))
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{0,5}[aeiouy][a-z]{0,5}$/), (text) => {
        expect(words.replaceWord(text)).not.toBe(text)
      }),
    )
  })

  test('noise keeps its classes, hex stays hex', () => {
    expect(words.replaceNoise('aB3/+_=')).toMatch(/^[a-z][A-Z]\d\/\+_=$/)
    expect(words.replaceHex('0123456789abcdef')).toMatch(/^[0-9a-f]{16}$/)
  })
})

describe('texts', () => {
  const { replaceText: text, replaceJsonText: jsonText, replaceNumber: number } = createTexts('key')

  test('keep their length, white space and punctuation', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (held) => {
        expect(text(held).length).toBe(held.length)
        const outside = (one: string) => one.replace(/[\p{L}\p{N}\p{M}]/gu, '_')
        expect(outside(text(held))).toBe(outside(held))
      }),
    )
  })

  test('JSON stays JSON of the same shape and length, and says what its parts say', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.boolean(), (value, indented) => {
        const held = JSON.stringify({ value }, null, indented ? 2 : 0).replace(
          /é|ü/g,
          (c) => `\\u00${c.charCodeAt(0).toString(16)}`,
        )
        const said = text(held)
        expect(said.length).toBe(held.length)
        expect(JSON.stringify(JSON.parse(said)).replace(/[^[\]{}:,]/g, '').length).toBeGreaterThan(0)
      }),
    )
    expect(JSON.parse(text('{"caf\\u00e9":"caf\\u00e9\\n"}'))).toEqual({
      [text('café')]: `${text('café')}\n`,
    })
    expect(JSON.parse(text('{"city":"Reykjavik","n":[42,-0.5,1e3,true,null]}'))).toEqual({
      [text('city')]: text('Reykjavik'),
      [text('n')]: [number(42), number(-0.5), expect.any(Number), true, null],
    })
  })

  test('very long runs keep their length: at quadratic cost they would outlast any limit', () => {
    const long = [
      '漢字'.repeat(200_000),
      'a'.repeat(2_000_000),
      `{"a":"${'x\\n'.repeat(300_000)}"}`,
      '"'.repeat(500_000),
    ]
    for (const held of long) expect(text(held).length).toBe(held.length)
    for (const held of long) expect(jsonText(held).length).toBe(held.length)
  })

  test('arguments that were cut are replaced as far as they go', () => {
    const whole = '{"city":"Reykjavik \\"x\\"","zip":10'
    for (let length = 0; length <= whole.length; length++)
      expect(jsonText(whole.slice(0, length)).length).toBe(length)
  })

  test('ids keep prefix, length, lineage, generation and time, in texts too', () => {
    const lineage = '0123456789abcdef'
    const id = (prefix: string, own: string) => `${prefix}_${lineage}0068c9ef3a${own.repeat(24)}`
    const [a, b, c] = [text(id('resp', '1')), text(id('msg', '2')), text(id('resp', '1'))]
    expect(a).toMatch(/^resp_[0-9a-f]{16}0068c9ef3a[0-9a-f]{24}$/)
    expect(b?.slice(4, 20)).toBe(a?.slice(5, 21))
    expect(a).toBe(c)
    expect(text(`Response with id '${id('resp', '1')}' not found.`)).toContain(`'${a}'`)
    expect(text(`conv_${'9'.repeat(32)}${lineage}`).slice(-16)).toBe(a?.slice(5, 21))
    expect(text('call_WtBuAZ8uuUN0mLIphjd9IPei')).toMatch(/^call_[A-Za-z0-9]{24}$/)
    expect(text('123e4567-e89b-42d3-a456-426614174000')).toMatch(
      /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    )
  })
})

test('the vocabulary holds every key and literal of the installed openai package', () => {
  const folder = join(dirname(createRequire(import.meta.url).resolve('openai')), 'resources')
  const source = ['responses/responses', 'conversations/conversations', 'conversations/items', 'shared']
    .map((name) => readFileSync(join(folder, `${name}.d.ts`), 'utf8'))
    .join('\n')
    .replace(/\/\*[\s\S]*?\*\//g, '')
  const keys = [...source.matchAll(/^\s*(?:'([^']+)'|([a-zA-Z_]\w*))\??:/gm)].map(
    (found) => found[1] ?? found[2],
  )
  expect(keys.length).toBeGreaterThan(500)
  expect(keys.filter((key) => key !== undefined && !KEYS.has(key))).toEqual([])
  const types = [
    ...source.matchAll(/^\s*(?:type|status|role|object)\??: ((?:'[\w.]+'(?: \| )?)+);/gm),
  ].flatMap((found) => (found[1] as string).split(' | ').map((one) => one.slice(1, -1)))
  expect(types.length).toBeGreaterThan(200)
  expect(types.filter((type) => !LITERALS.has(type))).toEqual([])
})
