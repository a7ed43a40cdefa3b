import type { Defect } from '../defect.ts'

export default {
  name: 'streams-kept',
  scenario: 'sessions',
  breaks: 'nothing-grows',
  cause: 'responses kept',
  does: 'Keeps the stream of each answer in a list.',
  smallest: { conversations: 1, answers: 1 },
  parts: () => {
    const kept: unknown[] = []
    return {
      async openEvents(ask) {
        const events = await ask()
        kept.push(events)
        return events
      },
    }
  },
} satisfies Defect
