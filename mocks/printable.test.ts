import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { printableJson, toPrintable } from './printable.ts'

const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u

describe('printable', () => {
  test('never lets a control, format or separator character through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(toPrintable(text)).not.toMatch(unsafe)
      }),
    )
  })

  test('leaves plain text as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 200 }), (text) => {
        expect(toPrintable(text)).toBe(text)
      }),
    )
  })

  test.each([
    ['\x1b[2J\x1b]0;title\x07', '\\u001b[2J\\u001b]0;title\\u0007'],
    ['a\nb\r\tc', 'a\\nb\\r\\tc'],
    ['\u202eevil\u2028', '\\u202eevil\\u2028'],
    ['\u{e0041}', '\\u{e0041}'],
    ['\ud800', '\\ud800'],
    ['grüße 😀', 'grüße 😀'],
  ])('%j is shown as %s', (text, shown) => {
    expect(toPrintable(text)).toBe(shown)
  })

  test('tells the length of what it cuts', () => {
    expect(toPrintable('x'.repeat(300), 10)).toBe(`${'x'.repeat(10)}… (300 characters)`)
    expect(printableJson(undefined)).toBe('nothing')
    expect(printableJson({ a: '\u0000' })).toBe('{"a":"\\u0000"}')
  })
})
