import type { Defect } from '../defect.ts'
import { buildToolOutput, type Item } from '../items.ts'

export default {
  name: 'tool-results-swapped',
  scenario: 'concurrency',
  breaks: 'no-altered-context',
  cause: 'result altered',
  does: 'Assigns the results of parallel calls in the order in which they arrive.',
  smallest: { conversations: 1, answers: 2 },
  parts: () => ({
    async executeCalls(calls, execute) {
      const came: string[] = []
      await Promise.all(calls.map(async (call) => came.push(readOutputText(await execute(call)))))
      return calls.map((call, place) => buildToolOutput(call, came[place] ?? ''))
    },
  }),
} satisfies Defect

function readOutputText(item: Item): string {
  return item.type === 'function_call_output' && typeof item.output === 'string' ? item.output : ''
}
