import type { JsonObject } from '../json.ts'
import { defineRule, type RequestRule } from './rule.ts'

export const apiKeyValid = defineRule<{ authorization: string | null; apiKey: string | undefined }>({
  id: 'api-key-valid',
  statement: 'A request has the API key of the service, if the service has one',
  source: 'SERVICE-FACTS 6: recorded (braintrust-rb)',
  status: 401,
  code: 'invalid_api_key',
  message: 'Incorrect API key provided.',
  headers: { 'www-authenticate': 'Bearer realm="OpenAI API"' },
  findBreach: ({ authorization, apiKey }) =>
    apiKey !== undefined && authorization !== `Bearer ${apiKey}` ? {} : undefined,
})

export const routeKnown = defineRule<{ method: string; path: string; isKnown: boolean }>({
  id: 'route-known',
  statement: 'Method and path of a request name an endpoint',
  source: 'Not in SERVICE-FACTS: the shape of every error (GRAMMAR J60) with the status of its recorded 404s',
  status: 404,
  message: 'Invalid URL ({method} {path})',
  findBreach: ({ method, path, isKnown }) => (isKnown ? undefined : { method, path }),
})

export const bodyIsJson = defineRule<{ body: JsonObject | undefined | 'malformed' }>({
  id: 'body-is-json',
  statement: 'A body is a JSON object',
  source: 'SERVICE-FACTS 6: recorded (ms-agent-framework); for JSON that is no object a guess',
  code: 'invalid_json',
  message: 'Invalid body: failed to parse JSON value. Please check the value to ensure it is valid JSON.',
  findBreach: ({ body }) => (body === 'malformed' ? {} : undefined),
})

export const httpRequestRules: readonly RequestRule<never>[] = [apiKeyValid, routeKnown, bodyIsJson]
