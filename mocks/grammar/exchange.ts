import { isObject, type Json, type JsonObject, toShortJson } from '../json.ts'
import type { Recording } from '../recordings/types.ts'
import {
  CODE_FORMS,
  type CodeForm,
  judgedHistoryRules,
  judgedInputRules,
  judgedPathRule,
} from '../request-rules/recordings.ts'
import type { Refusal } from '../request-rules/rule.ts'
import { answerRules } from './exchange/answers.ts'
import { exchangeEchoRules } from './exchange/echo.ts'
import { endpointRules } from './exchange/endpoints.ts'
import { type Exchange, type ExchangeRule, readExchange } from './exchange/exchange.ts'
import { buildContext, createKnowledge, type Knowledge, learn } from './exchange/knowledge.ts'
import { lineageRules } from './exchange/lineage.ts'
import { findProvenRefusal, findRuleByMessage } from './exchange/refusals.ts'
import { responseRules } from './exchange/responses.ts'
import { switchRules } from './exchange/switches.ts'
import type { Breach, Rule } from './types.ts'

const RULES = {
  refusalForm: {
    id: 'refusal-form',
    statement: 'A refusal with a known code has the status and the param of that code',
    source: 'SERVICE-FACTS 6, and 1 to 4',
  },
  refusalProven: {
    id: 'refusal-proven',
    statement: 'If a refusal names a rule about input items, the request and its history break that rule',
    source: 'SERVICE-FACTS 1 to 3',
  },
} as const satisfies Record<string, Rule>

const single: readonly ExchangeRule[] = [
  ...answerRules,
  ...endpointRules,
  ...responseRules,
  ...switchRules,
  ...exchangeEchoRules,
  ...lineageRules,
]

/**
 * All rules of recorded exchanges. A rule about input or state says which requests the service accepts. If the file
 * shows that a request breaks one, the service must have refused the request in the form of that rule.
 */
export const exchangeRules: readonly Rule[] = [
  ...single,
  ...judgedInputRules,
  ...judgedHistoryRules,
  judgedPathRule,
  ...Object.values(RULES),
].map(({ id, statement, source }) => ({ id, statement, source }))

/**
 * Returns the rules that the exchanges of one file break, in order. `at` is the index of the exchange. A file shows
 * only a part of what the service knows. What may lie outside the file never counts against a request. `checkStream`
 * checks the events of streams.
 */
export function checkExchanges(recordings: readonly Recording[]): Breach[] {
  const known = createKnowledge()
  return recordings.flatMap((recording, at) => {
    const exchange = readExchange(recording)
    const found = [...checkExchangeAlone(exchange), ...checkRefusal(known, exchange)]
    learn(known, exchange)
    return found.map((breach) => ({ ...breach, at }))
  })
}

type Found = Omit<Breach, 'at'>

function checkExchangeAlone(exchange: Exchange): Found[] {
  return single.flatMap(({ id, check }) => check(exchange).map((message) => ({ rule: id, message })))
}

/** Compares the answer with the refusal that the rules about requests give. */
function checkRefusal(known: Knowledge, exchange: Exchange): Found[] {
  const expected = findProvenRefusal(known, exchange)
  const error = readError(exchange)
  if (exchange.status < 400) {
    return expected
      ? [{ rule: expected.rule, message: `found it accepted, expected ${describeRefusal(expected)}` }]
      : []
  }
  if (!error) return []
  return [
    ...checkRefusalForm(exchange.status, error),
    ...checkRefusalReason(known, exchange, error, expected),
  ]
}

function checkRefusalForm(status: number, { code, param }: JsonObject): Found[] {
  const form = typeof code === 'string' ? CODE_FORMS.get(code) : undefined
  if (!form) return []
  const paramFits = fitsParam(form.param, param)
  if (form.status === status && paramFits) return []
  const found = `status ${status} and param ${toShortJson(param)} with code ${toShortJson(code)}`
  const message = `found ${found}, expected status ${form.status} and ${form.param ?? 'param null'}`
  return [{ rule: RULES.refusalForm.id, message }]
}

function fitsParam(expected: CodeForm['param'], param: Json | undefined): boolean {
  if (param === null) return expected === null || expected === 'any'
  if (expected === null) return false
  return typeof param === 'string' && (expected === 'any' || expected.test(param))
}

function checkRefusalReason(
  known: Knowledge,
  exchange: Exchange,
  error: JsonObject,
  expected: Refusal | undefined,
): Found[] {
  if (expected) {
    const same =
      expected.status === exchange.status &&
      (expected.unknown?.includes('code') || expected.code === error['code']) &&
      (expected.unknown?.includes('param') || expected.param === error['param'])
    const found = `status ${exchange.status}, code ${toShortJson(error['code'])}, param ${toShortJson(error['param'])}`
    return same
      ? []
      : [{ rule: expected.rule, message: `found ${found}, expected ${describeRefusal(expected)}` }]
  }
  const rule = findRuleByMessage(error)
  if (rule === undefined || !exchange.body || !buildContext(known, exchange.body).isComplete) return []
  const message = `found it refused (${toShortJson(error['message'])}), but ${rule} is kept`
  return [{ rule: RULES.refusalProven.id, message }]
}

function describeRefusal({ status, code, param, message }: Refusal): string {
  return `status ${status}, code ${toShortJson(code)}, param ${toShortJson(param)}: ${message}`
}

function readError({ json }: Exchange): JsonObject | undefined {
  const error = isObject(json) ? json['error'] : undefined
  return isObject(error) ? error : undefined
}
