import type { Defect } from '../defect.ts'

export default {
  name: 'timer-cleared-by-close',
  scenario: 'sessions',
  breaks: 'nothing-left-open',
  cause: 'timer left open by runs',
  does: 'Sets a repeated timer for each request, and clears all of them only when the team is closed.',
  smallest: { conversations: 1, answers: 1 },
  parts() {
    const timers: NodeJS.Timeout[] = []
    return {
      openEvents(ask) {
        timers.push(setInterval(() => {}, BEAT))
        return ask()
      },
      closeTeam(cancelRuns) {
        for (const timer of timers) clearInterval(timer)
        return cancelRuns()
      },
    }
  },
} satisfies Defect

/** Time between two beats, in milliseconds. */
const BEAT = 100_000
