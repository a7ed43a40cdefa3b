import { describe, expect, it } from 'vitest'
import { filterEvents, type History } from '../../harness/contract/events.ts'
import { execute } from '../../harness/execute/execute.ts'
import { startTestDriver } from '../../harness/remote/testing/driven.ts'
import { createLeftPlan } from '../../harness/testing/plans.ts'

/** One streamed run, which its consumer drops between two pulls. The harness keeps the rest of the answer back. */
const plan = createLeftPlan({ how: 'drop', after: { updates: 3 } })

/** Returns the place of the last event of a kind. */
const placeOf = (history: History, kind: History[number]['kind']) =>
  history.findLastIndex((event) => event.kind === kind)

describe.each([
  ['agentscope', '0.9.0'],
  ['agent-framework', '1.23.0'],
])('a run of %s %s that its consumer drops', (name, version) => {
  const runtime = startTestDriver(name, version)

  it('is collected at once, so that its request and its spans end before the team is closed', async () => {
    const history = await execute(runtime(), plan, { transport: 'http', patience: 10 })
    expect(filterEvents(history, 'stop')).toMatchObject([{ how: 'drop' }])
    expect(filterEvents(history, 'run.end')).toEqual([])
    expect(filterEvents(history, 'request.cancelled')).toHaveLength(1)
    expect(placeOf(history, 'request.cancelled')).toBeLessThan(placeOf(history, 'close'))
    const ended = filterEvents(history, 'span.end').map(({ span }) => span)
    expect(filterEvents(history, 'span.start').filter(({ span }) => !ended.includes(span))).toEqual([])
    expect(placeOf(history, 'span.end')).toBeLessThan(placeOf(history, 'close'))
    expect(filterEvents(history, 'left-open')).toEqual([])
    expect(filterEvents(history, 'left-behind')).toEqual([])
  })
})
