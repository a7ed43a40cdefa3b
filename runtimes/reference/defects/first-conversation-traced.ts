import type { Defect } from '../defect.ts'

export default {
  name: 'first-conversation-traced',
  scenario: 'sessions',
  breaks: 'span-attributes-are-true',
  cause: 'invoke_agent span has a wrong gen_ai.conversation.id',
  does: 'A session reports the first id that it had at the service, also after a new conversation object replaced it.',
  smallest: { conversations: 1, answers: 4 },
  edits: [
    {
      file: 'session.ts',
      find: '  state: SessionState = { unsent: [], record: [] }\n',
      replace:
        '  state: SessionState = { unsent: [], record: [] }\n  #serviceSessionId: string | undefined\n',
    },
    {
      file: 'session.ts',
      find: '    return this.state.serviceSessionId\n',
      replace:
        '    this.#serviceSessionId ??= this.state.serviceSessionId\n    return this.#serviceSessionId\n',
    },
  ],
} satisfies Defect
