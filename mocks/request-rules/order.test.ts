import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../json.ts'
import { createService } from '../service/service.ts'
import { callService } from '../service/testing/calls.ts'
import { refuseForm } from './body-form.ts'
import { createBodySchema } from './body-schemas.ts'

const models = { m: { temperature: false, topP: false, logprobs: false } }

/** Sends a body to a service with one model. A key with the value undefined is not sent. */
async function refusalOf(body: Record<string, unknown>): Promise<JsonObject> {
  const whole = { model: 'm', input: 'hi', ...body }
  const { json } = await callService(createService({ models }), 'POST', '/responses', JSON.stringify(whole))
  return json['error'] as JsonObject
}

/** The fields in the order in which the service checks them, each with a value that is refused (SERVICE-FACTS 15c). */
const FIELDS: readonly (readonly [field: string, wrong: unknown])[] = [
  ['input', 7],
  ['moderation', 'x'],
  ['include', ['x']],
  ['tools', 'x'],
  ['metadata', 'x'],
  ['text', 'x'],
  ['temperature', 'x'],
  ['top_p', 'x'],
  ['presence_penalty', 'x'],
  ['parallel_tool_calls', 'x'],
  ['stream', 'x'],
  ['stream_options', 'x'],
  ['background', 'x'],
  ['max_output_tokens', 15],
  ['max_tool_calls', 0],
  ['reasoning', 'x'],
  ['user', 7],
  ['safety_identifier', 7],
  ['prompt_cache_options', 'x'],
  ['prompt_cache_key', 7],
  ['prompt_cache_retention', 'x'],
  ['truncation', 'x'],
  ['instructions', 7],
  ['store', 'x'],
  ['service_tier', 'x'],
  ['top_logprobs', 'x'],
  ['context_management', 'x'],
]

describe('the checks of a body', () => {
  it.each(FIELDS.map(([field], at) => [at, field] as const))(
    'come in the order of the service, field %i: %s',
    async (at, field) => {
      const { param } = await refusalOf(Object.fromEntries(FIELDS.slice(at)))
      expect(String(param).split('[')[0]).toBe(field)
    },
  )

  it.each<[string, Record<string, unknown>, string | null, string | null]>([
    [
      'a missing model before a missing input',
      { model: undefined, input: undefined },
      'missing_required_parameter',
      'model',
    ],
    [
      'a missing input before an unknown parameter',
      { input: undefined, zzz: 1 },
      'missing_required_parameter',
      'input',
    ],
    [
      'a missing input before an unknown response',
      { input: undefined, previous_response_id: 'resp_x' },
      'missing_required_parameter',
      'input',
    ],
    [
      'an unknown parameter before a fault inside the input',
      { input: [{ role: 'user', content: 'x', zz: 1 }], zzz: 1 },
      'unknown_parameter',
      'zzz',
    ],
    ['an unknown parameter before an empty input', { input: [], zzz: 1 }, 'unknown_parameter', 'zzz'],
    [
      'the form before an unknown response',
      { previous_response_id: 'resp_x', truncation: 'x' },
      'invalid_value',
      'truncation',
    ],
    ['the form before an empty input', { input: [], truncation: 'x' }, 'invalid_value', 'truncation'],
    [
      'an unknown response before an empty input',
      { input: [], previous_response_id: 'resp_x' },
      'previous_response_not_found',
      'previous_response_id',
    ],
    [
      'an unknown response before the model',
      { temperature: 1, previous_response_id: 'resp_x' },
      'previous_response_not_found',
      'previous_response_id',
    ],
    ['an unknown conversation before the model', { temperature: 1, conversation: 'conv_x' }, null, null],
    ['an empty input before the model', { input: [], temperature: 1 }, 'missing_required_parameter', null],
    ['temperature before logprobs', { top_logprobs: 1, temperature: 1 }, null, 'temperature'],
    [
      'included logprobs before top_logprobs',
      { top_logprobs: 1, include: ['message.output_text.logprobs'] },
      'unsupported_parameter',
      'include',
    ],
  ])('come in this order: %s', async (_, body, code, param) => {
    expect(await refusalOf(body)).toMatchObject({ code, param })
  })
})

describe('the words of a refusal', () => {
  it.each<[Record<string, unknown>, string]>([
    [{ stop: 1 }, "Unknown parameter: 'stop'. Did you mean 'store'?"],
    [{ stre: 1 }, "Unknown parameter: 'stre'. Did you mean 'store' or 'stream'?"],
    [{ strem: 1 }, "Unknown parameter: 'strem'. Did you mean 'stream' or 'store'?"],
    [{ st: 1 }, "Unknown parameter: 'st'."],
    [{ inpu: 1 }, "Unknown parameter: 'inpu'."],
    [{ model: null }, "Invalid type for 'model': expected a string, but got an object instead."],
    [{ input: null }, "Invalid type for 'input': expected a string, but got an object instead."],
    [
      { input: 7 },
      "Invalid type for 'input': expected one of a string or array of input items, but got an integer instead.",
    ],
    [{ input: [null] }, "Invalid type for 'input[0]': expected an input item, but got null instead."],
    [
      { input: [{}] },
      "Invalid value: ''. Supported values are: 'assistant', 'system', 'developer', and 'user'.",
    ],
    [{ metadata: 'x' }, "Invalid type for 'metadata': expected a metadata object, but got a string instead."],
    [{ tools: 'x' }, "Invalid type for 'tools': expected an array of tools, but got a string instead."],
    [{ truncation: 'x' }, "Invalid value: 'x'. Supported values are: 'auto' and 'disabled'."],
    [
      { truncation: {} },
      "Invalid type for 'truncation': expected one of 'auto' or 'disabled', but got an object instead.",
    ],
    [
      { tool_choice: 7 },
      "Invalid type for 'tool_choice': expected one of an object or 'none', 'auto', or 'required', but got an integer instead.",
    ],
    [
      { max_output_tokens: 15 },
      "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 15 instead.",
    ],
    [
      { metadata: { a: 'x'.repeat(695) } },
      "Invalid 'metadata.a': string too long. Expected a string with maximum length 512, but got a string with length 695 instead.",
    ],
    [
      { service_tier: 'x' },
      "Invalid value: 'x'. Supported values are: 'auto', 'default', 'fast', 'flex', and 'priority'.",
    ],
  ])('are those of the service: %j', async (body, message) => {
    expect((await refusalOf(body))['message']).toBe(message)
  })
})

describe('a text of the input', () => {
  it('has at most 10,485,760 characters', () => {
    const refuse = (length: number) =>
      refuseForm({ input: [{ role: 'user', content: 'x'.repeat(length) }] }, createBodySchema)
    expect(refuse(10_485_761)).toMatchObject({ code: 'string_above_max_length', param: 'input[0].content' })
    expect(refuse(10_485_760)).toBeUndefined()
  })
})
