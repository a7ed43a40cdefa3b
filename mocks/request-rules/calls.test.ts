import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../json.ts'
import { CALL_KINDS, findOpenCalls } from './calls.ts'
import { refuseInput } from './input.ts'
import type { InputContext } from './known.ts'

const user: JsonObject = { role: 'user', content: 'Hello' }

function context(input: JsonObject[], more: Partial<InputContext> = {}): InputContext {
  return { chain: [], input, findItem: () => undefined, isComplete: true, knowsEveryItem: true, ...more }
}

describe('calls and outputs', () => {
  const kinds = fc.constantFrom(...CALL_KINDS.keys())

  test('a history is accepted as soon as every call in it is answered, in whatever order', () => {
    fc.assert(
      fc.property(fc.array(kinds, { maxLength: 8 }), fc.func(fc.nat()), (types, order) => {
        const calls = types.map((type, n) => ({
          type,
          call_id: `call_${n}`,
          name: 'x',
          arguments: '',
          input: '',
        }))
        const outputs = calls.map(({ type, call_id }) => ({
          type: CALL_KINDS.get(type)?.output ?? '',
          call_id,
          output: 'x',
        }))
        const shuffled = outputs.toSorted((a, b) => order(a.call_id) - order(b.call_id))
        expect(
          refuseInput(context([user, ...calls, ...shuffled], { needsEveryKindAnswered: true })),
        ).toBeUndefined()
        for (const left of shuffled) {
          const rest = shuffled.filter((one) => one !== left)
          expect(findOpenCalls([...calls, ...rest]).map(({ callId }) => callId)).toEqual([left.call_id])
          expect(refuseInput(context([...calls, ...rest], { needsEveryKindAnswered: true }))?.rule).toBe(
            'calls-answered',
          )
        }
      }),
    )
  })

  test('an output of a local shell call names its call by id', () => {
    const shell = { type: 'local_shell_call', id: 'lsh_1', call_id: 'call_1' }
    expect(findOpenCalls([shell, { type: 'local_shell_call_output', id: 'call_1', output: '' }])).toEqual([])
  })
})
