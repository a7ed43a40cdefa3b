// A runner of the OpenAI Agents SDK whose client gets its answers from this file, for the `*.repro.mjs` files of this folder.
import { OpenAIProvider, Runner, setTraceProcessors } from '@openai/agents'
import OpenAI from 'openai'

/** Returns a response of the Responses API with these output items. */
export const response = (...output) => ({
  id: `resp_${output[0].id}`,
  object: 'response',
  created_at: 1_700_000_000,
  model: 'gpt-5.1',
  status: 'completed',
  output,
  error: null,
  incomplete_details: null,
  parallel_tool_calls: true,
  tool_choice: 'auto',
  tools: [],
  usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 },
})

export const text = (id, value) => ({
  type: 'message',
  id,
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text: value, annotations: [] }],
})

export const call = (id, name, args) => ({
  type: 'function_call',
  id,
  call_id: id,
  name,
  arguments: JSON.stringify(args),
  status: 'completed',
})

/**
 * Returns a runner. `fetch` answers the requests of its client, and also of runners that the SDK creates itself. `processor` has
 * the callbacks of a trace processor that the script needs.
 */
export function buildRunner(fetch, processor, config = {}) {
  const client = new OpenAI({ apiKey: 'none', baseURL: 'http://127.0.0.1/v1', maxRetries: 0, fetch })
  const none = async () => {}
  const others = { onTraceStart: none, onTraceEnd: none, onSpanStart: none, onSpanEnd: none }
  setTraceProcessors([{ ...others, shutdown: none, forceFlush: none, ...processor }])
  const modelProvider = new OpenAIProvider({ openAIClient: client, useResponses: true })
  return new Runner({ modelProvider, ...config })
}

/** Prints what was expected and what was found, and ends the script: with 1 if the violation is there, else with 0. */
export function conclude({ violation, expected, found, isThere }) {
  console.log(`expected: ${expected}\nfound:    ${found}`)
  console.log(isThere ? `VIOLATION: ${violation}` : 'Not violated.')
  process.exit(isThere ? 1 : 0)
}
