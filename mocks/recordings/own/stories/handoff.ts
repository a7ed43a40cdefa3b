import { Agent, OpenAIProvider, Runner, setTracingDisabled } from '@openai/agents'
import OpenAI from 'openai'
import { API_KEY, MODEL, type Story } from './story.ts'

/** One agent of `@openai/agents` hands over to another. The answers are JSON. */
export default {
  id: 'handoff',
  client: '@openai/agents 0.20.0',
  answers: [
    { items: [{ type: 'call', tool: 'transfer_to_Customs', args: {} }] },
    { items: [{ type: 'text', text: 'Customs here: declare the herring, and you may unload.' }] },
  ],
  async run(baseURL) {
    setTracingDisabled(true)
    const customs = new Agent({
      name: 'Customs',
      instructions: 'You decide what must be declared.',
      model: MODEL,
    })
    const desk = new Agent({
      name: 'Front desk',
      instructions: 'Hand questions about goods over to customs.',
      model: MODEL,
      handoffs: [customs],
    })
    const openAIClient = new OpenAI({ apiKey: API_KEY, baseURL, maxRetries: 0 })
    const runner = new Runner({
      modelProvider: new OpenAIProvider({ openAIClient, useResponses: true }),
      tracingDisabled: true,
    })
    await runner.run(desk, 'I bring four tons of herring. What must I do?')
  },
} satisfies Story
