import type { RefusalRule } from './refusal.ts'

const type = 'invalid_request_error'

/** SERVICE-FACTS 6: what is wrong with a request by itself. */
export const invalidApiKey: RefusalRule = {
  rule: 'api-key-valid',
  status: 401,
  type,
  code: 'invalid_api_key',
  param: null,
  message: 'Incorrect API key provided.',
  headers: { 'www-authenticate': 'Bearer realm="OpenAI API"' },
  source: 'SERVICE-FACTS 6: recorded (braintrust-rb)',
}

export const invalidJson: RefusalRule = {
  rule: 'body-is-json',
  status: 400,
  type,
  code: 'invalid_json',
  param: null,
  message: 'Invalid body: failed to parse JSON value. Please check the value to ensure it is valid JSON.',
  source: 'SERVICE-FACTS 6: recorded (ms-agent-framework)',
}

export const unknownRoute: RefusalRule = {
  rule: 'route-known',
  status: 404,
  type,
  code: null,
  param: null,
  message: 'Invalid URL ({method} {path})',
  source: 'Not in SERVICE-FACTS: the shape of every error (GRAMMAR J60) with the status of its recorded 404s',
}

export const section6 = [invalidApiKey, invalidJson, unknownRoute]
