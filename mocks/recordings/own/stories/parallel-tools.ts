import { Agent, OpenAIProvider, Runner, setTracingDisabled, tool } from '@openai/agents'
import OpenAI from 'openai'
import { API_KEY, MODEL, type Story } from './story.ts'

/** Two calls in one answer. `@openai/agents` runs them and sends its whole history again. */
export default {
  id: 'parallel-tools',
  client: '@openai/agents 0.20.0',
  answers: [
    {
      items: [
        { type: 'call', tool: 'find_berth', args: { ship: 'Fjordkongen', length: 92 } },
        { type: 'call', tool: 'find_pilot', args: { ship: 'Fjordkongen' } },
      ],
    },
    { items: [{ type: 'text', text: 'Fjordkongen takes berth 7, and Solveig will pilot her in.' }] },
  ],
  async run(baseURL) {
    setTracingDisabled(true)
    const ship = { ship: { type: 'string' } } as const
    const findBerth = tool({
      name: 'find_berth',
      description: 'Finds a free berth that is long enough.',
      strict: true,
      parameters: {
        type: 'object',
        properties: { ...ship, length: { type: 'number' } },
        required: ['ship', 'length'],
        additionalProperties: false,
      },
      execute: async () => ({ berth: 7 }),
    })
    const findPilot = tool({
      name: 'find_pilot',
      description: 'Finds a pilot who is on duty.',
      strict: true,
      parameters: { type: 'object', properties: ship, required: ['ship'], additionalProperties: false },
      execute: async () => ({ pilot: 'Solveig' }),
    })
    const agent = new Agent({
      name: 'Harbour master',
      instructions: 'Find a berth and a pilot for each ship that asks.',
      model: MODEL,
      tools: [findBerth, findPilot],
    })
    const openAIClient = new OpenAI({ apiKey: API_KEY, baseURL, maxRetries: 0 })
    const runner = new Runner({
      modelProvider: new OpenAIProvider({ openAIClient, useResponses: true }),
      tracingDisabled: true,
    })
    const run = await runner.run(agent, 'Fjordkongen, 92 metres, asks to come in.', { stream: true })
    await run.completed
  },
} satisfies Story
