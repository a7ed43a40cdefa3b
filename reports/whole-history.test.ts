import { describe, expect, it } from 'vitest'
import type { History } from '../harness/contract/events.ts'
import { asked } from '../harness/invariants/examples/events.ts'
import { formatBodies, formatWholeHistory } from './whole-history.ts'

const body = { model: 'gpt-5.1', input: 'x'.repeat(500), instructions: 'red \u001b[31m' }
const history: History = [{ kind: 'mode', to: 'on' }, asked(1, 'c0.t0', [], { body }), { kind: 'close' }]

describe('formatWholeHistory', () => {
  it('has a line with a number for each event', () => {
    const [, first, second, third] = formatWholeHistory(history).split('\n')
    expect(first).toBe('  0  telemetry is on')
    expect(second).toMatch(/^ {2}1 {2}/)
    expect(third).toBe('  2  the team is asked to close')
  })
})

describe('formatBodies', () => {
  it('has the whole body of each request, safe to print', () => {
    const text = formatBodies(history)
    expect(text).toContain('\n  request 1 of c0.t0\n    {\n')
    expect(text).toContain(`"input": "${'x'.repeat(500)}"`)
    expect(text).not.toContain('\u001b[31m')
    expect(text.match(/request \d+ of/g)).toHaveLength(1)
  })

  it('says so if no request was sent', () => {
    expect(formatBodies([])).toContain('no request was sent')
  })
})
