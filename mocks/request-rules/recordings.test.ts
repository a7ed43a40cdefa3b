import { describe, expect, it } from 'vitest'
import {
  CODE_FORMS,
  judgedHistoryRules,
  judgedInputRules,
  judgedPathRule,
  RULES_BY_MESSAGE,
} from './recordings.ts'
import { requestRules } from './registry.ts'

const renamed = [...judgedHistoryRules, judgedPathRule]

describe('the rules as the checker of recordings uses them', () => {
  it('are rules of the service', () => {
    const used = [...judgedInputRules, ...renamed.flatMap(({ rules }) => rules as readonly unknown[])]
    expect(used.filter((rule) => !(requestRules as readonly unknown[]).includes(rule))).toEqual([])
  })

  it('say how they differ wherever they have another id', () => {
    for (const { id, rules, difference } of renamed)
      if (rules.some((rule) => rule.id !== id)) expect(difference, id).toMatch(/./)
  })

  it.each(RULES_BY_MESSAGE)('are found by the message of the service: %s', (message, id) => {
    expect(requestRules.find((rule) => rule.id === id)?.message).toMatch(message)
  })

  it('expect of each judged code the param that the rules send', () => {
    expect(CODE_FORMS.get('invalid_function_parameters')).toEqual({
      status: 400,
      param: /^tools\[\d+\]\.parameters$/,
    })
    expect(CODE_FORMS.get('invalid_id_prefix')).toEqual({ status: 400, param: /^input\[\d+\]\.id$/ })
    expect(CODE_FORMS.get('missing_required_parameter')).toEqual({ status: 400, param: 'any' })
    expect(CODE_FORMS.get('invalid_value')).toEqual({ status: 400, param: /./ })
    expect(CODE_FORMS.get('invalid_api_key')).toEqual({ status: 401, param: null })
  })
})
