import type { JsonObject } from '../../json.ts'
import type { Recording } from '../../recordings/types.ts'
import { buildExchange, buildResponse } from '../exchanges.ts'

/** For each endpoint: a correct answer, and a broken one. */
export const endpointCases: readonly [rule: string, kept: Recording[], broken: Recording[]][] = casesOf()

function casesOf(): [string, Recording[], Recording[]][] {
  const list = { object: 'list', data: [], first_id: null, last_id: null, has_more: false }
  const answers: [method: string, path: string, whole: JsonObject, spoiled: JsonObject][] = [
    [
      'POST',
      '/responses/compact',
      { object: 'response.compaction', output: [{ type: 'compaction' }] },
      { output: [] },
    ],
    [
      'POST',
      '/responses/input_tokens',
      { object: 'response.input_tokens', input_tokens: 3 },
      { input_tokens: '3' },
    ],
    ['POST', '/responses/resp_1/cancel', buildResponse(), { id: 'resp_2' }],
    ['GET', '/responses/resp_1', buildResponse(), { id: 'resp_2' }],
    ['GET', '/responses/resp_1/input_items', list, { data: null }],
    [
      'DELETE',
      '/responses/resp_1',
      { object: 'response.deleted', id: 'resp_1', deleted: true },
      { deleted: false },
    ],
    ['POST', '/conversations', { object: 'conversation', id: 'conv_1' }, { id: null }],
    ['GET', '/conversations/conv_1', { object: 'conversation', id: 'conv_1' }, { id: 'conv_2' }],
    ['GET', '/conversations/conv_1/items', list, { object: 'page' }],
    [
      'DELETE',
      '/conversations/conv_1',
      { object: 'conversation.deleted', id: 'conv_1', deleted: true },
      { id: 'conv_2' },
    ],
  ]
  return answers.map(([method, path, whole, spoiled]) => [
    'endpoint-answer',
    [buildExchange({ method, path: `/v1${path}` }, { json: whole })],
    [buildExchange({ method, path: `/v1${path}` }, { json: { ...whole, ...spoiled } })],
  ])
}
