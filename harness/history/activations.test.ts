import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../mocks/json.ts'
import type { History } from '../contract/events.ts'
import { answered, asked, assistant, call, cut, ended, hook, said } from '../invariants/examples/events.ts'
import { hasHandoff, listActivations, listAgentTurns, listHandoffTargets } from './activations.ts'
import { groupByRun, type RunRecord } from './runs.ts'

const RUN = 'c0.t0'
const hands = (to: string) => call(`call_${to}`, {}, { name: `to_${to}` })
const of = (agent: string, request: number, attempt = 0) =>
  asked(request, RUN, [], { agent, attempt, handoffs: { to_a: 'a', to_b: 'b', to_c: 'c' } })

function storyOf(...events: History): RunRecord {
  return groupByRun([said(RUN, 'hello'), ...events]).runs[0] as RunRecord
}

function inShort(story: RunRecord): string[] {
  return listActivations(story).map(
    ({ agent, turns }) =>
      `${agent} ${turns.map(({ requests }) => requests.map(({ asked }) => asked.request).join('+')).join(' ')}`,
  )
}

describe('activations', () => {
  it('are an agent and its requests, until another has the conversation', () => {
    const story = storyOf(
      ...[of('a', 1), answered(1, [call('call_1')]), of('a', 2), answered(2, [hands('b')])],
      ...[of('b', 3), answered(3, [hands('a')]), of('a', 4), answered(4, [assistant('done')])],
      ended(RUN, 'completed'),
    )
    expect(inShort(story)).toEqual(['a 1+2', 'b 3', 'a 4'])
    expect(story.requests.map(listHandoffTargets)).toEqual([[], ['b'], ['a'], []])
    expect(hasHandoff(story)).toBe(false)
  })

  it('have a turn more after each answer that calls nothing, and none for a further attempt', () => {
    const story = storyOf(
      ...[of('a', 1), answered(1, [assistant('one')]), of('a', 2), cut(2), of('a', 3, 1)],
      ...[answered(3, [hands('b')])],
    )
    expect(inShort(story)).toEqual(['a 1 2+3'])
    expect(listAgentTurns(story).map(({ from }) => from)).toEqual([0, 2])
    expect(hasHandoff(story)).toBe(true)
  })

  it('have a turn more where an agent goes on from a broken answer, and none where it only gives outputs', () => {
    const output = { type: 'function_call_output', call_id: 'call_1', output: 'found' }
    const goesOn = (...context: JsonObject[]) =>
      storyOf(of('a', 1), cut(1), asked(2, RUN, context, { agent: 'a', handoffs: { to_b: 'b' } }))
    expect(inShort(goesOn({ role: 'user', content: 'hello' }, { role: 'user', content: 'Go on.' }))).toEqual([
      'a 1 2',
    ])
    expect(inShort(goesOn({ role: 'user', content: 'hello' }, call('call_1'), output))).toEqual(['a 1+2'])
  })

  it('have a turn more where an agent asks the very same again after it has told that it was done', () => {
    const again = (agent: string) =>
      storyOf(of('a', 1), cut(1), hook(RUN, 'after_run', { agent }), of('a', 2, 1))
    expect(inShort(again('a'))).toEqual(['a 1 2'])
    expect(inShort(again('b'))).toEqual(['a 1+2'])
  })

  it('leave out agents that are tools of those that have the conversation', () => {
    const story = storyOf(
      ...[of('a', 1), answered(1, [call('call_1')]), asked(2, RUN, [], { agent: 'atlas' }), answered(2)],
      of('a', 3),
    )
    expect(inShort(story)).toEqual(['a 1+3'])
  })

  it('are one with one turn where nobody hands off, whatever is answered', () => {
    const answers = fc.array(fc.constantFrom(assistant('x'), call('call_1')), { maxLength: 3 })
    fc.assert(
      fc.property(fc.array(answers, { minLength: 1, maxLength: 6 }), (all) => {
        const events = all.flatMap((output, at) => [
          asked(at + 1, RUN, [], { agent: 'a' }),
          answered(at + 1, output),
        ])
        const story = storyOf(...events)
        expect(listActivations(story)).toHaveLength(1)
        expect(listAgentTurns(story).map(({ requests }) => requests)).toEqual([story.requests])
      }),
    )
  })

  it('hand on by a whole answer alone', () => {
    for (const how of ['incomplete', 'failed'] as const)
      expect(hasHandoff(storyOf(of('a', 1), answered(1, [hands('b')], { how })))).toBe(false)
  })
})
