import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../json.ts'
import { buildScriptRequest } from './script.ts'
import { answerAsModel } from './unscripted.ts'

const place = { type: 'object', properties: { place: { type: 'string' } }, required: ['place'] }
const weather = { type: 'function', name: 'get_weather', parameters: place }
const time = { type: 'function', name: 'get_time', parameters: null }
const question = { role: 'user', content: 'How is the weather?' }

function answer(body: JsonObject, context: JsonObject[] = [question]) {
  const [item] = answerAsModel(buildScriptRequest({ number: 1, body, headers: new Headers(), context })).items
  return item?.type === 'call' ? `${item.tool} ${JSON.stringify(Object.keys(item.args as JsonObject))}` : item
}

describe('an answer without a script', () => {
  it('calls the first function that the request offers, with arguments that fit its schema', () => {
    expect(answer({ tools: [{ type: 'web_search' }, weather, time] })).toBe('get_weather ["place"]')
    expect(answer({ tools: [time, weather], tool_choice: 'auto' })).toBe('get_time []')
  })

  it('calls what tool_choice allows', () => {
    const tools = [weather, time]
    expect(answer({ tools, tool_choice: { type: 'function', name: 'get_time' } })).toBe('get_time []')
    const allowed = { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'get_time' }] }
    expect(answer({ tools, tool_choice: allowed })).toBe('get_time []')
  })

  it.each<[string, JsonObject, JsonObject[]]>([
    ['there are no functions', { tools: [{ type: 'web_search' }] }, [question]],
    ['tool_choice forbids calls', { tools: [weather], tool_choice: 'none' }, [question]],
    [
      'the tool has answered',
      { tools: [weather] },
      [question, { type: 'function_call_output', call_id: 'call_1', output: 'rain' }],
    ],
    ['nobody has said anything', { tools: [weather] }, []],
  ])('is a text if %s', (_, body, context) => {
    expect(answer(body, context)).toMatchObject({ type: 'text' })
  })
})
