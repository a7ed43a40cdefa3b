import { createClient, OPENAI, weatherTool } from './openai-client.ts'
import { MODEL, type Story } from './story.ts'

/** A streamed tool loop that sends its whole history each time: call, output, answer. */
export default {
  id: 'tools',
  client: OPENAI,
  answers: [
    { items: [{ type: 'call', tool: 'get_weather', args: { city: 'Tromsø', unit: 'celsius' } }] },
    { items: [{ type: 'text', text: 'It is minus three degrees in Tromsø, with light snow.' }] },
  ],
  async run(baseURL) {
    const client = createClient(baseURL)
    const asked = { role: 'user' as const, content: 'What is the weather in Tromsø?' }
    const tools = [weatherTool]
    const first = await client.responses
      .stream({ model: MODEL, store: false, tools, input: [asked] })
      .finalResponse()
    const outputs = first.output
      .filter((item) => item.type === 'function_call')
      .map(({ call_id }) => ({
        type: 'function_call_output' as const,
        call_id,
        output: '{"degrees":-3,"sky":"light snow"}',
      }))
    const calls = first.output
      .filter((item) => item.type === 'function_call')
      .map(({ type, call_id, name, arguments: held }) => ({ type, call_id, name, arguments: held }))
    await client.responses
      .stream({ model: MODEL, store: false, tools, input: [asked, ...calls, ...outputs] })
      .finalResponse()
  },
} satisfies Story
