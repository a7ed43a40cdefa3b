import type { Defect } from '../defect.ts'

export default {
  name: 'asks-again-after-stop',
  scenario: 'sessions',
  breaks: 'stop-reaches-upstream',
  cause: 'request sent after abort',
  does: 'Takes a stop for a lost connection and sends the request again, while the next turn is on.',
  source: 'https://github.com/mastra-ai/mastra/issues/24271',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    openEvents(ask, run) {
      const again = () => setTimeout(() => ask({ signal: null }).catch(() => {}), 100)
      run.signal.addEventListener('abort', again, { once: true })
      return ask()
    },
  }),
} satisfies Defect
