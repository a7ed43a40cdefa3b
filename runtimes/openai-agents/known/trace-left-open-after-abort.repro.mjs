// A run that is not streamed never ends its trace if the run is aborted.
import { Agent } from '@openai/agents'
import { buildRunner, conclude } from './responses_mock.mjs'

const seen = []
const abort = new AbortController()
const neverAnswer = (_url, { signal }) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
    setTimeout(() => abort.abort(), 50)
  })
const runner = buildRunner(neverAnswer, {
  onTraceStart: async () => seen.push('start'),
  onTraceEnd: async () => seen.push('end'),
})
const agent = new Agent({ name: 'agent', model: 'gpt-5.1' })
const error = await runner.run(agent, 'Hi', { signal: abort.signal }).catch((thrown) => thrown)
await new Promise((resolve) => setTimeout(resolve, 200))

conclude({
  violation: 'the trace is still open after its run was aborted',
  expected: 'start, end',
  found: `${seen.join(', ')}; the run ended with ${error?.name}: ${error?.message}`,
  isThere: seen.join() === 'start' && error instanceof Error,
})
