import type { Variant } from '../variant.ts'

export default {
  name: 'refusals-not-text',
  does: 'Delivers a refusal as an item only, and leaves it out of the text of the result.',
  source: 'openai-node 7.55: `output_text` joins the parts of type output_text only, without refusals.',
  edits: [
    {
      file: 'parts/answers.ts',
      find: "    case 'response.refusal.delta':\n",
      replace: '',
    },
    {
      file: 'items.ts',
      find: "return item.content.map((part) => (part.type === 'output_text' ? part.text : part.refusal)).join('')",
      replace: "return item.content.map((part) => (part.type === 'output_text' ? part.text : '')).join('')",
    },
  ],
} satisfies Variant
