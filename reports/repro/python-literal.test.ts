import fc from 'fast-check'
import { expect, it } from 'vitest'
import { pythonLiteral, pythonSource } from './python-literal.ts'

const value = fc.jsonValue({ stringUnit: 'binary' })
const RAW = /^json\.loads\(r'''([^']*)'''\)$/

it('is the JSON of the very value, in a raw string that nothing in it ends', () => {
  fc.assert(
    fc.property(value, (value) => {
      const text = pythonLiteral(value)
      expect(text).toMatch(/^[\n\x20-\x7e]*$/)
      const [, json = ''] = RAW.exec(text) ?? []
      expect(JSON.stringify(JSON.parse(json))).toBe(JSON.stringify(value))
    }),
    { examples: [[JSON.parse('{"__proto__":{"__proto__":"__proto__"}}')]] },
  )
})

it('has source code as it is read, and by JSON what could not stand so', () => {
  const plain = 'def f():\n    return "\\n" + \'x\'\n'
  expect(pythonSource(plain)).toBe(`r'''${plain}'''`)
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom("'''", 'a\\', "a'", 'é')), (text) => {
      const written = pythonSource(text)
      expect(written).toMatch(/^[\n\x20-\x7e]*$/)
      const [, raw] = /^r'''((?:(?!''')[\s\S])*)'''$/.exec(written) ?? []
      const [, twice] = /^json\.loads\((".*")\)$/.exec(written) ?? []
      expect(raw ?? JSON.parse(JSON.parse(twice ?? '""'))).toBe(text)
      if (raw !== undefined) expect(raw).not.toMatch(/[\\']$/)
    }),
  )
})
