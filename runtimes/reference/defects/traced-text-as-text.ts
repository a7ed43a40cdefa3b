import type { Defect } from '../defect.ts'

export default {
  name: 'traced-text-as-text',
  scenario: 'instrumentation-toggles',
  breaks: 'messages-follow-schema',
  cause: 'invoke_agent span, gen_ai.input.messages, wrong parts.text.content',
  does: 'Names the text of a traced message `text`, as the Responses API does, and not `content`.',
  source:
    'https://github.com/open-telemetry/semantic-conventions/blob/v1.41.0/docs/gen-ai/gen-ai-input-messages.json',
  smallest: { conversations: 1, answers: 0 },
  edits: [
    {
      file: 'telemetry/messages.ts',
      find: "if (typeof content === 'string') return [{ type: 'text', content }]",
      replace: "if (typeof content === 'string') return [{ type: 'text', text: content } as never]",
    },
  ],
} satisfies Defect
