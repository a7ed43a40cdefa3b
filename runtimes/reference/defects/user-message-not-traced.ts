import type { Defect } from '../defect.ts'

export default {
  name: 'user-message-not-traced',
  scenario: 'instrumentation-toggles',
  breaks: 'sensitive-spans-hold-content',
  cause: 'the user message missing',
  does: 'Leaves what the user said out of the spans under `sensitive`.',
  smallest: { conversations: 1, answers: 0 },
  edits: [
    {
      file: 'telemetry/messages.ts',
      find: 'return JSON.stringify(items.flatMap(buildMessages))',
      replace: "return JSON.stringify(items.flatMap(buildMessages).filter(({ role }) => role !== 'user'))",
    },
  ],
} satisfies Defect
