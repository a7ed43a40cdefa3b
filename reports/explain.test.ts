import { describe, expect, it } from 'vitest'
import { comparisons, invariants } from '../harness/invariants/index.ts'
import { explained } from './explain.ts'

describe('explaining', () => {
  it.each([...invariants, ...comparisons])(
    '$id tells all of it, with an example that breaks it',
    (promised) => {
      const text = explained(promised.id) ?? ''
      expect(text.split('\n')[0]).toBe(promised.id)
      for (const told of [promised.statement, promised.level, promised.since]) expect(text).toContain(told)
      expect(text).toMatch(/that break/)
      expect(text).toMatch(/^ {2}\^ \S/m)
      expect(text).not.toMatch(/undefined|\[object/)
    },
  )

  it('knows no other id', () => {
    expect(explained('no-such-promise')).toBeUndefined()
  })

  it('shows the history in short lines', () => {
    expect(explained('no-leaked-spans')).toMatchInlineSnapshot(`
      "no-leaked-spans
      After the team is closed, every span that was started has ended.

      level   must
      source  https://opentelemetry.io/docs/specs/otel/trace/api/#end
              https://github.com/alibaba/loongsuite-python-agent/pull/184 (spans leaked by overlapping runs)
              https://github.com/open-telemetry/opentelemetry-python-genai/issues/491 (by a consumer who walks away)
      since   0.1.0
      needs   spans

      A history that breaks it:
        telemetry is on
        c0.t0 starts: the user says "hello there, agent"
        span "a" starts
        span "b" starts below a
        ^ span "b" was started and never ended
        span "a" ends UNSET
        c0.t0 ends: failed, error without a word"
    `)
  })
})
