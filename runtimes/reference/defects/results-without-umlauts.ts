import type { Defect } from '../defect.ts'

export default {
  name: 'results-without-umlauts',
  scenario: 'stream-errors',
  breaks: 'no-altered-context',
  cause: 'result altered',
  does: 'Replaces every character of a tool result that is not ASCII.',
  smallest: { conversations: 1, answers: 2 },
  edits: [
    {
      file: 'items.ts',
      find: "return { type: 'function_call_output', call_id: call.call_id, output }",
      replace:
        "return { type: 'function_call_output', call_id: call.call_id, output: output.replace(/[^\\x20-\\x7e]/g, '?') }",
    },
  ],
} satisfies Defect
