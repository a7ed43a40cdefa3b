import { describe, expect, it } from 'vitest'
import { isObject } from '../json.ts'
import { runCase } from '../service/testing/cases.ts'
import { conversationCases } from './cases/conversations.ts'
import { itemCases } from './cases/items.ts'
import { limitCases } from './cases/limits.ts'
import { callCases, chainCases } from './cases/previous-response.ts'
import { requestCases } from './cases/requests.ts'
import { lifecycleCases, resumeCases } from './cases/stored-responses.ts'
import { toolCases } from './cases/tools.ts'
import { requestRules } from './registry.ts'

const SECTIONS = {
  '1, what may be named as previous_response_id': chainCases,
  '2, unanswered calls': callCases,
  '3, item integrity': itemCases,
  '4 and 12, conversations': conversationCases,
  '6, requests': requestCases,
  '15, limits and content': limitCases,
  '15, tools, formats, models and options': toolCases,
  '7, stream resume': resumeCases,
  '8, cancel, delete, retrieve': lifecycleCases,
}

for (const [section, cases] of Object.entries(SECTIONS))
  describe(`SERVICE-FACTS ${section}: what is refused, and its legal neighbour`, () => {
    it.each(cases)('$rule: $name', async (held) => {
      const refused = await runCase(held, 'refused')
      const { error } = refused.json
      expect(Object.keys(isObject(error) ? error : {})).toEqual(['message', 'type', 'param', 'code'])
      expect({ status: refused.status, error }).toMatchObject({
        status: held.status,
        error: { code: held.code, param: held.param, type: 'invalid_request_error' },
      })
      const accepted = await runCase(held, 'accepted')
      expect({ status: accepted.status, error: accepted.json['error'] ?? null }).toEqual({
        status: 200,
        error: null,
      })
    })
  })

describe('the registry of rules about requests', () => {
  it('has a case and a neighbour for every rule, and no case without a rule', () => {
    const rules = requestRules.map(({ id }) => id)
    const tried = new Set(Object.values(SECTIONS).flatMap((cases) => cases.map(({ rule }) => rule)))
    expect([...rules].sort()).toEqual([...tried].sort())
  })

  it('names its evidence, says something, and never calls a fault of the client one of the server', () => {
    for (const { source, message, status } of requestRules) {
      expect(source).toMatch(/SERVICE-FACTS/)
      expect(message).not.toBe('')
      expect(status).toBeGreaterThanOrEqual(400)
      expect(status).toBeLessThan(500)
    }
  })
})
