import { describe, expect, it } from 'vitest'
import type { History } from '../contract/events.ts'
import { groupByRun, type RunRecord } from '../history/runs.ts'
import { listSpans, type Span } from '../history/spans.ts'
import { findErrorName, findHost, nameOperation, nameRunEnd, nameSpan } from './causes.ts'
import { ended, failed, said, spanEnd, spanStart, stopped } from './examples/events.ts'

const RUN = 'c0.t0'
const begun = said(RUN, 'hello there, agent')
const storyOf = (...events: History) => groupByRun([begun, ...events]).runs[0] as RunRecord
const spanOf = (name: string) => listSpans([spanStart(name), spanEnd(name)])[0] as Span

describe('the words of causes', () => {
  it.each<[History, string]>([
    [[ended(RUN, 'completed')], 'run completed'],
    [[failed(RUN)], 'run failed'],
    [[ended(RUN, 'incomplete')], 'run ended incomplete'],
    [[], 'run without an end'],
    [[stopped(RUN, 'abort'), ended(RUN, 'stopped')], 'run aborted'],
    [[stopped(RUN, 'abort'), failed(RUN)], 'run aborted'],
    [[stopped(RUN, 'return')], 'consumer returned'],
    [[stopped(RUN, 'drop')], 'run dropped'],
  ])('name how a run ended: %#', (events, words) => {
    expect(nameRunEnd(storyOf(...events))).toBe(words)
  })

  it.each([
    ['chat gpt-5.1', 'chat'],
    ['execute_tool get_weather', 'execute_tool'],
    ['canary-0.0.0-a67b36e5', 'other'],
    ['', 'other'],
  ])('name the operation of a span, and nothing that may be an id: %j', (name, word) => {
    expect(nameSpan(spanOf(name))).toBe(word)
    expect(nameOperation(spanOf(name).ended as NonNullable<Span['ended']>)).toBe(word)
  })

  it('name the class of an error, and the host of an address', () => {
    expect(findErrorName('MaxListenersExceededWarning: 11 listeners')).toBe('MaxListenersExceededWarning')
    expect(findErrorName('raise ValueError("no")')).toBe('ValueError')
    expect(findErrorName('Error: terminated')).toBe('Error')
    expect(findErrorName('it was terrible')).toBeUndefined()
    expect(findHost('POST https://telemetry.example/v1')).toBe('telemetry.example')
    expect(findHost('198.51.100.7:443')).toBeUndefined()
  })
})
