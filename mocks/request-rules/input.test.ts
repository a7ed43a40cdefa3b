import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../json.ts'
import { inputRules, refuseInput } from './input.ts'
import type { InputContext, KnownItem } from './known.ts'

const user: JsonObject = { role: 'user', content: 'Hello' }
const reasoning: JsonObject = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAAAsealed' }
const call: JsonObject = {
  type: 'function_call',
  id: 'fc_1',
  call_id: 'call_1',
  name: 'look_up',
  arguments: '{}',
}
const second: JsonObject = { ...call, id: 'fc_2', call_id: 'call_2' }
const output: JsonObject = { type: 'function_call_output', call_id: 'call_1', output: 'found' }
const custom: JsonObject = {
  type: 'custom_tool_call',
  id: 'ctc_1',
  call_id: 'call_1',
  name: 'sql',
  input: 'x',
}
const computer: JsonObject = { type: 'computer_call', id: 'cu_1', call_id: 'call_1' }
const message: JsonObject = { type: 'message', id: 'msg_1', role: 'assistant', content: [] }
const reference = (id: string): JsonObject => ({ type: 'item_reference', id })

type Known = Record<string, KnownItem>

function context(input: JsonObject[], more: Partial<InputContext> = {}, known: Known = {}): InputContext {
  return { chain: [], input, findItem: (id) => known[id], isComplete: true, knowsEveryItem: true, ...more }
}

const findUnstored = () => ({ item: reasoning, stored: false })

const stored = (item: JsonObject, reasoningId?: string): Known => ({
  [String(item['id'])]: { item, stored: true, ...(reasoningId && { reasoning: reasoningId }) },
})
const notStored = (item: JsonObject): Known => ({ [String(item['id'])]: { item, stored: false } })

interface Case {
  rule: string
  how: string
  /** A request that is refused for it, and its legal neighbour: one thing changed. */
  refused: InputContext
  accepted: InputContext
  answer?: { status?: number; code?: string | null; param?: string | null; message?: RegExp }
}

const cases: Case[] = [
  {
    rule: 'input-fields-present',
    how: 'a call without its call_id',
    refused: context([{ ...call, call_id: undefined as never }, output]),
    accepted: context([call, output]),
    answer: { code: 'missing_required_parameter', param: 'input[0].call_id' },
  },
  {
    rule: 'input-ids-well-formed',
    how: 'an empty id',
    refused: context([user, { ...message, id: '' }]),
    accepted: context([user, message]),
    answer: {
      code: 'invalid_value',
      param: 'input[1].id',
      message: /^Invalid 'input\[1\]\.id': ''\. Expected an ID that contains/,
    },
  },
  {
    rule: 'input-ids-prefixed',
    how: 'a message with the id of a call',
    refused: context([{ ...message, id: 'fc_9' }]),
    accepted: context([{ ...message, id: 'msg_9' }]),
    answer: { code: 'invalid_id_prefix', param: 'input[0].id', message: /begins with 'msg'\.$/ },
  },
  {
    rule: 'items-unique',
    how: 'one message twice',
    refused: context([message, message]),
    accepted: context([message, { ...message, id: 'msg_2' }]),
    answer: { message: /^Duplicate item found with id msg_1\. / },
  },
  {
    rule: 'items-unique',
    how: 'an item of the chain sent again',
    refused: context([message], { chain: [user, message] }),
    accepted: context([user], { chain: [user, message] }),
  },
  {
    rule: 'items-unique',
    how: 'a reference to an item of the chain',
    refused: context([reference('fc_1'), output], { chain: [user, call] }, stored(call)),
    accepted: context([output], { chain: [user, call] }, stored(call)),
  },
  {
    rule: 'items-found',
    how: 'a reference to an item that was not stored',
    refused: context([reference('fc_1'), output], {}, notStored(call)),
    accepted: context([reference('fc_1'), output], {}, stored(call)),
    answer: { status: 404, message: /not found\. Items are not persisted when `store` is set to false/ },
  },
  {
    rule: 'items-found',
    how: 'a reference to nothing',
    refused: context([reference('msg_7')]),
    accepted: context([reference('msg_7')], { knowsEveryItem: false }),
    answer: { status: 404, message: /^Item with id 'msg_7' not found\.$/ },
  },
  {
    rule: 'items-found',
    how: 'unstored reasoning without its encrypted content',
    refused: context([{ ...reasoning, encrypted_content: null }, message], {}, notStored(reasoning)),
    accepted: context([reasoning, message], {}, notStored(reasoning)),
    answer: { status: 404 },
  },
  {
    rule: 'calls-answered',
    how: 'the chain has an unanswered call',
    refused: context([user], { chain: [user, call] }),
    accepted: context([output, user], { chain: [user, call] }),
    answer: { message: /^No tool output found for function call call_1\.$/ },
  },
  {
    rule: 'calls-answered',
    how: 'one of two parallel calls is unanswered',
    refused: context([output], { chain: [user, call, second] }),
    accepted: context([output, { ...output, call_id: 'call_2' }], { chain: [user, call, second] }),
    answer: { message: /call_2\.$/ },
  },
  {
    rule: 'calls-answered',
    how: 'a history with an unanswered call',
    refused: context([user, call]),
    accepted: context([user, call, output]),
  },
  {
    rule: 'calls-answered',
    how: 'an unanswered custom call',
    refused: context([user], { chain: [user, custom] }),
    accepted: context([{ ...output, type: 'custom_tool_call_output' }], { chain: [user, custom] }),
    answer: { message: /^No tool output found for custom tool call call_1\.$/ },
  },
  {
    rule: 'calls-answered',
    how: 'an unanswered call that is not async',
    refused: context([user], { chain: [user, { ...call, async: false }] }),
    accepted: context([user], { chain: [user, { ...call, async: true }] }),
  },
  {
    rule: 'calls-answered',
    how: 'a history with an unanswered call that is not async',
    refused: context([user, call, user]),
    accepted: context([user, { ...call, async: true }, user]),
  },
  {
    rule: 'calls-answered',
    how: 'an unanswered computer call, where every kind must be answered',
    refused: context([user], { chain: [user, computer], needsEveryKindAnswered: true }),
    accepted: context([user], { chain: [user, computer] }),
  },
  {
    rule: 'outputs-have-calls',
    how: 'an output without its call',
    refused: context([user, output]),
    accepted: context([user, output], { chain: [call] }),
    answer: { message: /^No tool call found for function call output with call_id call_1\.$/ },
  },
  {
    rule: 'outputs-have-calls',
    how: 'an output that answers no call, next to one that answers a tool search of the client',
    refused: context([user, { type: 'tool_search_call', call_id: 'call_2' }, output]),
    accepted: context([user, { type: 'tool_search_call', call_id: 'call_1' }, output]),
  },
  {
    rule: 'outputs-have-calls',
    how: 'an output of a later turn without its async call',
    refused: context([output], { chain: [user, { ...second, async: true }, user, message] }),
    accepted: context([output], { chain: [user, { ...call, async: true }, user, message] }),
  },
  {
    rule: 'call-answered-once',
    how: 'a second output, where one is enough',
    refused: context([call, output, output], { refusesSecondOutput: true }),
    accepted: context([call, output, output]),
    answer: { message: /^Duplicate function_call_output for call_id call_1\.$/ },
  },
  {
    rule: 'reasoning-followed',
    how: 'reasoning before a user message',
    refused: context([reasoning, user]),
    accepted: context([reasoning, message, user]),
    answer: {
      message: /^Item 'rs_1' of type 'reasoning' was provided without its required following item\.$/,
    },
  },
  {
    rule: 'reasoning-followed',
    how: 'reasoning before an answer without its id',
    refused: context([reasoning, { role: 'assistant', content: 'Hi' }]),
    accepted: context([
      { ...reasoning, id: undefined as never },
      { role: 'assistant', content: 'Hi' },
    ]),
  },
  {
    rule: 'reasoning-followed',
    how: 'reasoning before a call without its id, where ids are needed',
    refused: context([reasoning, { ...call, id: undefined as never }, output], { needsCallIds: true }),
    accepted: context([reasoning, { ...call, id: undefined as never }, output]),
  },
  {
    rule: 'reasoning-followed',
    how: 'reasoning that was not stored, where it needs the item that followed it',
    refused: context([reasoning, user], { findItem: findUnstored, needsFollowerUnstored: true }),
    accepted: context([reasoning, user], { findItem: findUnstored }),
  },
  {
    rule: 'reasoning-followed',
    how: 'a predecessor that ends in reasoning',
    refused: context([user], { chain: [user, reasoning] }),
    accepted: context([user], { chain: [user, reasoning, message] }),
  },
  {
    rule: 'item-with-its-reasoning',
    how: 'a call without its reasoning',
    refused: context([call, output], {}, stored(call, 'rs_1')),
    accepted: context([reasoning, call, output], {}, stored(call, 'rs_1')),
    answer: {
      message:
        /^Item 'fc_1' of type 'function_call' was provided without its required 'reasoning' item: 'rs_1'\.$/,
    },
  },
  {
    rule: 'item-with-its-reasoning',
    how: 'the same call with its id',
    refused: context([call, output], {}, stored(call, 'rs_1')),
    accepted: context([{ ...call, id: undefined as never }, output], {}, stored(call, 'rs_1')),
  },
  {
    rule: 'encrypted-content-verified',
    how: 'foreign encrypted content',
    refused: context([reasoning, message], { isSealValid: () => false }),
    accepted: context([reasoning, message], { isSealValid: () => true }),
    answer: {
      code: 'invalid_encrypted_content',
      param: null,
      message: /^The encrypted content gAAA\.\.\.led could not be verified\.$/,
    },
  },
]

describe('each rule of a request input', () => {
  test.each(cases)(
    '$rule: $how is refused, its legal neighbour is not',
    ({ rule, refused, accepted, answer }) => {
      const refusal = refuseInput(refused)
      expect(refusal).toMatchObject({
        rule,
        status: answer?.status ?? 400,
        type: 'invalid_request_error',
        code: answer?.code ?? null,
        param: answer?.param === undefined ? 'input' : answer.param,
        message: expect.stringMatching(answer?.message ?? /./),
      })
      expect(refuseInput(accepted)).toBeUndefined()
    },
  )

  test('has a case', () => {
    const covered = new Set(cases.map(({ rule }) => rule))
    expect(inputRules.map(({ id }) => id).filter((id) => !covered.has(id))).toEqual([])
  })
})
