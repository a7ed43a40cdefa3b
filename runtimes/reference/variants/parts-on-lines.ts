import type { Variant } from '../variant.ts'

export default {
  name: 'parts-on-lines',
  does: 'Joins the texts of several parts and messages with a newline in the result of a run.',
  source: 'https://github.com/microsoft/agent-framework (AgentResponse.text joins messages with a newline)',
  edits: [
    {
      file: 'items.ts',
      find: "return output.map(readItemText).join('')",
      replace: "return output.map(readItemText).filter((text) => text !== '').join('\\n')",
    },
    {
      file: 'items.ts',
      find: "return item.content.map((part) => (part.type === 'output_text' ? part.text : part.refusal)).join('')",
      replace:
        "return item.content.map((part) => (part.type === 'output_text' ? part.text : part.refusal)).join('\\n')",
    },
  ],
} satisfies Variant
