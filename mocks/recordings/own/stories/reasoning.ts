import { createClient, OPENAI, weatherTool } from './openai-client.ts'
import { MODEL, type Story } from './story.ts'

/**
 * Reasoning with a summary and encrypted content. The client sends it back with the tool call, and nothing is stored.
 */
export default {
  id: 'reasoning',
  client: OPENAI,
  answers: [
    {
      items: [
        {
          type: 'reasoning',
          summary: ['**Finding out the weather**\n\nThe user wants to sail, so the wind in Bergen matters.'],
          encrypted: true,
        },
        { type: 'call', tool: 'get_weather', args: { city: 'Bergen', unit: 'celsius' } },
      ],
    },
    {
      items: [
        {
          type: 'reasoning',
          summary: ['**Weighing the storm**', 'Twenty metres a second is too much for a dinghy.'],
          encrypted: true,
        },
        { type: 'text', text: 'Stay ashore: it blows twenty metres a second in Bergen.' },
      ],
    },
  ],
  async run(baseURL) {
    const client = createClient(baseURL)
    const asked = { role: 'user' as const, content: 'Can I take my dinghy out in Bergen today?' }
    const settings = {
      model: MODEL,
      store: false,
      tools: [weatherTool],
      reasoning: { effort: 'medium' as const, summary: 'auto' as const },
      include: ['reasoning.encrypted_content' as const],
    }
    const first = await client.responses.stream({ ...settings, input: [asked] }).finalResponse()
    const call = first.output.find((item) => item.type === 'function_call')
    if (!call) throw new Error('the service answered without the call')
    const output = { type: 'function_call_output' as const, call_id: call.call_id, output: 'storm, 20 m/s' }
    // The SDK adds parsed fields to items. The items go back without them.
    const carried = first.output.map(({ ...item }) =>
      'parsed_arguments' in item ? (({ parsed_arguments: _, ...rest }) => rest)(item) : item,
    )
    await client.responses
      .stream({ ...settings, input: [asked, ...carried, output] as never })
      .finalResponse()
  },
} satisfies Story
