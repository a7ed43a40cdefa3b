import type { Defect } from '../defect.ts'

export default {
  name: 'response-traced-as-conversation',
  scenario: 'sessions',
  breaks: 'span-attributes-are-true',
  cause: 'invoke_agent span has a response as gen_ai.conversation.id',
  does: 'The span of a run reports the id of the last response as the id of the conversation.',
  smallest: { conversations: 1, answers: 2 },
  edits: [
    {
      file: 'telemetry/agent-telemetry.ts',
      find: "session?.memory === 'conversation-object' ? session.serviceSessionId : undefined",
      replace: 'session?.serviceSessionId',
    },
  ],
} satisfies Defect
