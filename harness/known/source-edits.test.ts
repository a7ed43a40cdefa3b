import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyEdits, formatEdits, parseEdits } from './source-edits.ts'

const edit = { file: 'a/b.ts', find: 'one', replace: '$& two' }

describe('the edits of a defect', () => {
  it('survive the way through the address of a module', () => {
    const edits = fc.array(
      fc.record({
        file: fc.constantFrom('a.ts', 'a/b.ts'),
        find: fc.string({ minLength: 1, unit: 'grapheme' }),
        replace: fc.string({ unit: 'grapheme' }),
      }),
      { minLength: 1, maxLength: 5 },
    )
    fc.assert(
      fc.property(edits, (given) => {
        expect(parseEdits(`/runtimes/x/adapter.ts${formatEdits(given)}`)).toEqual(given)
      }),
    )
    expect(parseEdits('/runtimes/x/adapter.ts')).toBeUndefined()
    expect(parseEdits('/runtimes/x/adapter.ts?v=1')).toBeUndefined()
  })

  it.each([[{ ...edit, file: '../a.ts' }], [{ ...edit, file: '/a.ts' }], [{ ...edit, find: '' }], [{}]])(
    'are refused unless they are edits of a file of the runtime: %j',
    (given) => {
      expect(() => parseEdits(`/x.ts${formatEdits([given as typeof edit])}`)).toThrow()
    },
  )

  it('replace one text of one file, literally', () => {
    expect(applyEdits('zero one', 'a/b.ts', [edit])).toBe('zero $& two')
    expect(applyEdits('zero one', 'b.ts', [edit])).toBe('zero one')
  })

  it.each(['zero', 'one one'])('are refused if the text does not occur once: %s', (source) => {
    expect(() => applyEdits(source, 'a/b.ts', [edit])).toThrow(
      /a\/b\.ts: found "one" [02] times, expected once/,
    )
  })
})
