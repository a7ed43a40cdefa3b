// An agent that runs as a tool traces the answers of the model although sensitive data is switched off.
import { Agent } from '@openai/agents'
import { buildRunner, call, conclude, response, text } from './responses_mock.mjs'

const answers = [
  response(call('call_1', 'ask_atlas', { input: 'Where is Oslo?' })),
  response(text('msg_1', 'A secret answer of Atlas.')),
  response(text('msg_2', 'A secret answer of the agent.')),
]
const spans = []
const runner = buildRunner(
  async () => Response.json(answers.shift()),
  { onSpanEnd: async ({ spanData }) => spans.push(spanData) },
  { traceIncludeSensitiveData: false },
)
const atlas = new Agent({ name: 'atlas', model: 'gpt-5.1' })
const tools = [atlas.asTool({ toolName: 'ask_atlas', toolDescription: 'Asks Atlas.' })]
const { finalOutput } = await runner.run(new Agent({ name: 'agent', model: 'gpt-5.1', tools }), 'Hi')

const traced = spans
  .filter(({ type }) => type === 'response' || type === 'generation')
  .flatMap((data) => JSON.stringify(data).match(/A secret answer of [a-zA-Z ]+/g) ?? [])
conclude({
  violation: 'a span has an answer of the agent that runs as a tool',
  expected: 'no answer in a span',
  found: `${JSON.stringify([...new Set(traced)])} in the spans; the final output is ${JSON.stringify(finalOutput)}`,
  isThere: traced.includes('A secret answer of Atlas') && !traced.includes('A secret answer of the agent'),
})
