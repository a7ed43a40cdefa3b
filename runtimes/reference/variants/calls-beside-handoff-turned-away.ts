import { buildToolOutput } from '../items.ts'
import { soundParts } from '../parts.ts'
import type { Variant } from '../variant.ts'

export default {
  name: 'calls-beside-handoff-turned-away',
  does: 'Runs no other call of an answer that hands off, and answers such a call with a notice.',
  source:
    'https://github.com/openai/openai-agents-js (of several handoffs, all but the first get a notice as output)',
  parts: () => ({
    executeCalls(calls, execute, run) {
      const isHandoff = (name: string) => run.tools.get(name)?.handoffTo !== undefined
      const first = calls.findIndex(({ name }) => isHandoff(name))
      if (first < 0) return soundParts.executeCalls(calls, execute, run)
      return Promise.all(
        calls.map(async (call, place) =>
          place === first ? execute(call) : buildToolOutput(call, 'Not run, because of the handoff.'),
        ),
      )
    },
  }),
} satisfies Variant
