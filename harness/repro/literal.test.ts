import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatLiteral } from './literal.ts'

it('is source code for the very value, with nothing in it that turns or hides what stands around it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      const text = formatLiteral(value)
      expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
      // The expected value also goes through JSON, which turns -0 into 0.
      expect(JSON.stringify(new Function(`return ${text}`)())).toBe(JSON.stringify(value))
    }),
    { examples: [[JSON.parse('{"__proto__":{"__proto__":"__proto__"}}')]] },
  )
})
