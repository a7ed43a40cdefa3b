import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../json.ts'
import type { Recording } from '../recordings/types.ts'
import { CALL_KINDS, readAnsweredCallId } from '../request-rules/calls.ts'
import { inputRules, refuseInput } from '../request-rules/input.ts'
import type { InputContext } from '../request-rules/known.ts'
import { exchangeCases } from '../testing/broken-exchanges/cases.ts'
import { buildCall, buildCreated, buildExchange, buildRefused, buildResponse } from '../testing/exchanges.ts'
import { readSharedRecordings } from '../testing/recorded-streams.ts'
import { findSharedFolder } from '../testing/shared-folder.ts'
import { readExchange } from './exchange/exchange.ts'
import { buildContext, createKnowledge, learn } from './exchange/knowledge.ts'
import { findProvenRefusal } from './exchange/refusals.ts'
import { checkExchanges, exchangeRules } from './exchange.ts'

describe('each rule of recorded exchanges', () => {
  test.each(exchangeCases)('%s', (rule, kept, broken) => {
    expect(checkExchanges(kept)).toEqual([])
    const breaches = checkExchanges(broken)
    expect(breaches.map((breach) => breach.rule)).toContain(rule)
    expect(breaches.at(-1)?.at).toBe(broken.length - 1)
  })

  test('has a case, here or with the rules of the input', () => {
    const covered = new Set([...exchangeCases.map(([rule]) => rule), ...inputRules.map(({ id }) => id)])
    expect(exchangeRules.map(({ id }) => id).filter((id) => !covered.has(id))).toEqual([])
    expect(new Set(exchangeRules.map(({ id }) => id)).size).toBe(exchangeRules.length)
  })

  test('holds nothing against a request whose history lies outside the file', () => {
    const output = { type: 'function_call_output', call_id: 'call_1', output: 'x' }
    const body = { input: [output], previous_response_id: 'resp_0' }
    expect(checkExchanges([buildCreated(body, { previous_response_id: 'resp_0' })])).toEqual([])
    expect(checkExchanges([buildCreated({ input: [output] })])[0]?.rule).toBe('outputs-have-calls')
  })

  const page = { 'content-type': 'text/html' }
  const gateway = buildExchange({ body: {} }, { status: 502, json: { message: 'Bad gateway' } })
  test.each([
    ['a page of a gateway', { ...gateway, response: { ...gateway.response, headers: page } }],
    ['a model that asks for verification', buildRefused(404, { code: 'model_not_found', param: null })],
    ['a model that is not there', buildRefused(400, { code: 'model_not_found', param: 'model' })],
    [
      'a call of a tool that a prompt template brought',
      buildCreated({ prompt: { id: 'pmpt_1' } }, { output: [buildCall('fc_1', 'other')] }),
    ],
    ...['max_messages', 'steered'].map((reason): [string, Recording] => [
      `an incomplete response because of ${reason}`,
      buildCreated({}, { status: 'incomplete', incomplete_details: { reason }, completed_at: null }),
    ]),
  ])('holds nothing against %s', (_, recording) => {
    expect(checkExchanges([recording])).toEqual([])
  })

  test('reads no request that was not recorded', () => {
    const unrecorded = buildExchange(
      { body: { tool_choice: 'required' }, recorded: false },
      { json: buildResponse() },
    )
    expect(checkExchanges([unrecorded])).toEqual([])
  })
})

describe('accepted requests about things outside the file', () => {
  const user = { role: 'user', content: 'Hello' }
  const reasoning = { type: 'reasoning', id: 'rs_elsewhere', summary: [] }
  const answer = { type: 'message', id: 'msg_elsewhere', role: 'assistant', content: 'Hi' }
  const search = { type: 'tool_search_call', call_id: 'call_1', execution: 'client', arguments: {} }
  const output = { type: 'function_call_output', call_id: 'call_1', output: 'found' }

  test('break no rule: reasoning and a reference of another conversation', () => {
    const reference = { type: 'item_reference', id: 'msg_other' }
    expect(checkExchanges([buildCreated({ input: [user, reasoning, answer, reference, user] })])).toEqual([])
  })

  test('break no rule: an output for a tool search of the client. An output for no call breaks one', () => {
    expect(checkExchanges([buildCreated({ input: [user, search, output] })])).toEqual([])
    expect(checkExchanges([buildCreated({ input: [user, output] })]).map(({ rule }) => rule)).toEqual([
      'outputs-have-calls',
    ])
  })
})

const shared = findSharedFolder()

describe.runIf(shared)('the recorded exchanges (needs ../shared)', () => {
  const files = shared ? readSharedRecordings(shared) : []

  test('are 282, and break no rule', () => {
    expect(files.reduce((sum, { recordings }) => sum + recordings.length, 0)).toBe(282)
    const broken = files.flatMap(({ id, recordings }) =>
      checkExchanges(recordings).map((breach) => ({ id, ...breach })),
    )
    expect(broken).toEqual([])
  })

  const contexts = files.flatMap(({ recordings }) => {
    const known = createKnowledge()
    return recordings.flatMap((recording) => {
      const exchange = readExchange(recording)
      const refusal = findProvenRefusal(known, exchange)
      const context = exchange.body && buildContext(known, exchange.body)
      learn(known, exchange)
      return [{ exchange, refusal, context }]
    })
  })

  test('prove three refusals, each of which was answered as the rule says', () => {
    const proven = contexts.flatMap(({ refusal, exchange }) =>
      refusal ? [`${refusal.rule} ${exchange.status}`] : [],
    )
    expect(proven.sort()).toEqual([
      'conversation-or-previous-response 400',
      'deleted-is-gone 404',
      'reasoning-followed 400',
    ])
  })

  test('tell nearly every context whole', () => {
    const told = contexts.flatMap(({ context }) => context ?? [])
    expect([told.length, told.filter(({ isComplete }) => isComplete).length]).toEqual([255, 254])
  })

  test('would be refused with one item taken away or sent twice', () => {
    const count: Record<string, number> = {}
    for (const { context, exchange } of contexts) {
      if (!context?.isComplete || exchange.status >= 400 || exchange.path !== '/responses') continue
      for (const [expected, input] of spoiled(context)) {
        expect(refuseInput({ ...context, input })?.rule).toBe(expected)
        count[expected] = (count[expected] ?? 0) + 1
      }
    }
    expect(Object.keys(count).sort()).toEqual(['calls-answered', 'items-unique', 'outputs-have-calls'])
    expect(Math.min(...Object.values(count))).toBeGreaterThan(20)
  })
})

/**
 * Returns the input of a request without one output, without one call and with one item twice, each with the rule that
 * it breaks.
 */
function spoiled({ input }: InputContext): [rule: string, input: JsonObject[]][] {
  return input.flatMap((item, at): [string, JsonObject[]][] => {
    const without = input.toSpliced(at, 1)
    const callId = readAnsweredCallId(item)
    const kind = CALL_KINDS.get(String(item['type']))
    const twice: [string, JsonObject[]][] =
      typeof item['id'] === 'string' ? [['items-unique', [...input, item]]] : []
    if (callId !== undefined && isSeen(item)) return [...twice, ['calls-answered', without]]
    const answered = input.some((other) => readAnsweredCallId(other) === item['call_id'])
    return kind && answered ? [...twice, ['outputs-have-calls', without]] : twice
  })
}

/**
 * Returns whether the refusal of an unanswered call of that kind is known. For other kinds the refusal is an option.
 */
function isSeen({ type }: JsonObject): boolean {
  return [...CALL_KINDS.values()].some(({ output, seen }) => seen && output === type)
}
