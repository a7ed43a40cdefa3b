import type { Defect } from '../defect.ts'

export default {
  name: 'telemetry-alters-updates',
  scenario: 'instrumentation-toggles',
  breaks: 'telemetry-is-transparent',
  cause: 'update, telemetry sensitive',
  does: 'Trims the delivered text while telemetry records content.',
  source: 'https://github.com/microsoft/agent-framework/issues/6866',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    prepareUpdate(run, update) {
      if (run.telemetry.mode !== 'sensitive' || update.type !== 'text') return update
      return { ...update, text: update.text.trim() }
    },
  }),
} satisfies Defect
