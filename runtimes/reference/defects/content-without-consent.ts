import type { Defect } from '../defect.ts'

export default {
  name: 'content-without-consent',
  scenario: 'stream-errors',
  breaks: 'no-content-unless-sensitive',
  cause: 'chat span, gen_ai.system_instructions',
  does: 'Puts the texts of the conversation into every span, even if sensitive data is switched off.',
  source: 'https://github.com/instrumentation-score/spec/issues/51',
  smallest: { conversations: 1, answers: 0 },
  parts: () => ({ hasContent: (begunIn, endsIn) => begunIn !== 'off' && endsIn !== 'off' }),
} satisfies Defect
