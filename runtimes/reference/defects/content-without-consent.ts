import type { Defect } from '../defect.ts'

export default {
  name: 'content-without-consent',
  scenario: 'stream-errors',
  breaks: 'no-content-unless-sensitive',
  does: 'Tells what was said in every span, whether sensitive data were asked for or not.',
  source: 'https://github.com/instrumentation-score/spec/issues/51',
  smallest: { conversations: 1, answers: 0 },
  parts: () => ({ holdsContent: (begunIn, endsIn) => begunIn !== 'off' && endsIn !== 'off' }),
} satisfies Defect
