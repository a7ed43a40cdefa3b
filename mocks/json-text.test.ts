import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonText } from './json-text.ts'

const unsafe = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u
const characters = fc.constantFrom(
  '\u0000',
  '\u001b',
  '\u007f',
  '\u0085',
  '\u009b',
  '\u00ad',
  '\u061c',
  '\u200b',
  '\u2028',
  '\u2029',
  '\u202e',
  '\u2066',
  '\ufeff',
  '\ud83d',
  '\udc00',
  '\u{e0041}',
  '"',
  '\\',
  'é',
  '😀',
)
const text = fc.oneof(fc.string({ unit: characters }), fc.string({ unit: 'binary' }))

describe('JSON as text', () => {
  it('is the same value, with nothing in it that a terminal obeys', () => {
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        text,
        fc.jsonValue(),
        fc.array(tie('value')),
        fc.dictionary(text, tie('value')),
      ),
    })).value
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 1, 2), (value, indent) => {
        const written = jsonText(value, indent)
        expect(written).not.toMatch(unsafe)
        // JSON has no -0, so the value is compared after a round trip through JSON.
        expect(JSON.stringify(JSON.parse(written))).toBe(JSON.stringify(value))
      }),
    )
  })

  it.each([
    ['\u009b31m', '"\\u009b31m"'],
    ['\u007f', '"\\u007f"'],
    ['\u202e\u2028', '"\\u202e\\u2028"'],
    ['\u{e0041}', '"\\udb40\\udc41"'],
    ['\ud83d', '"\\ud83d"'],
    ['grüße 😀\n', '"grüße 😀\\n"'],
  ])('%j is %s', (value, written) => {
    expect(jsonText(value)).toBe(written)
  })

  it('of eight million characters to escape exhausts no stack', () => {
    expect(jsonText('\u202e'.repeat(8_000_000)).length).toBe(48_000_002)
  })
})
