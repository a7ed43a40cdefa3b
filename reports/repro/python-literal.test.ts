import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatPythonText, formatPythonValue } from './python-literal.ts'

const value = fc.jsonValue({ stringUnit: 'binary' })
const RAW = /^json\.loads\(r'''([^']*)'''\)$/

it('is the JSON of the very value, in a raw string that nothing in it ends', () => {
  fc.assert(
    fc.property(value, (value) => {
      const text = formatPythonValue(value)
      expect(text).toMatch(/^[\n\x20-\x7e]*$/)
      const [, json = ''] = RAW.exec(text) ?? []
      expect(JSON.stringify(JSON.parse(json))).toBe(JSON.stringify(value))
    }),
    { examples: [[JSON.parse('{"__proto__":{"__proto__":"__proto__"}}')]] },
  )
})

it('has source code as it is read, and by JSON what could not stand so', () => {
  const plain = 'def f():\n    return "\\n" + \'x\'\n'
  expect(formatPythonText(plain)).toBe(`r'''${plain}'''`)
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom("'''", 'a\\', "a'", 'é')), (text) => {
      const written = formatPythonText(text)
      expect(written).toMatch(/^[\n\x20-\x7e]*$/)
      const [, raw] = /^r'''((?:(?!''')[\s\S])*)'''$/.exec(written) ?? []
      const [, twice] = /^json\.loads\((".*")\)$/.exec(written) ?? []
      expect(raw ?? JSON.parse(JSON.parse(twice ?? '""'))).toBe(text)
      if (raw !== undefined) expect(raw).not.toMatch(/[\\']$/)
    }),
  )
})

// In quadratic time this takes hours.
it.each([
  ['letters', 'a'],
  ['quotes', "'"],
  ['beyond ASCII', 'é'],
  ['to be escaped', '\u202e'],
])('is written for 4 MB of %s', (_, unit) => {
  const text = unit.repeat(4_000_000 / Buffer.byteLength(unit))
  const written = formatPythonValue({ text })
  expect(written.length).toBeGreaterThan(text.length)
  expect(written).toMatch(RAW)
})
