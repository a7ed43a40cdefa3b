import { describe, expect, it } from 'vitest'
import { comparisons, invariants } from '../harness/invariants/index.ts'
import { explainInvariant } from './explain.ts'

describe('explaining', () => {
  it.each([...invariants, ...comparisons])(
    '$id tells all of it, with an example that breaks it',
    (promised) => {
      const text = explainInvariant(promised.id) ?? ''
      expect(text.split('\n')[0]).toBe(promised.id)
      for (const told of [promised.statement, promised.level, promised.since]) expect(text).toContain(told)
      expect(text).toMatch(/that violates? it/)
      expect(text).toMatch(/^ {2}\^ \S/m)
      expect(text).not.toMatch(/undefined|\[object/)
    },
  )

  it('knows no other id', () => {
    expect(explainInvariant('no-such-promise')).toBeUndefined()
  })

  it('shows the history in short lines', () => {
    expect(explainInvariant('no-leaked-spans')).toMatchInlineSnapshot(`
      "no-leaked-spans
      When all runs have ended, every span of theirs has ended, too. The spans of a run that its consumer dropped, or that did not end, have ended when the team is closed.

      level   must (a violation fails the run)
      source  https://opentelemetry.io/docs/specs/otel/trace/api/#end
              https://github.com/alibaba/loongsuite-python-agent/pull/184 (spans leaked by overlapping runs)
              https://github.com/open-telemetry/opentelemetry-python-genai/issues/491 (spans leaked when a consumer stops reading)
      since   version 0.1.0
      needs   a runtime that supports spans

      A history that violates it (^ marks each violation):
        telemetry is on
        c0.t0 starts: the user says "hello there, agent"
        span "a" starts
        ^ span "a" was started and did not end before the team was closed
        c0.t0 ends: completed
        all runs have ended or were dropped, and all is quiet
        the team is asked to close
        span "a" ends (status UNSET)"
    `)
  })
})
