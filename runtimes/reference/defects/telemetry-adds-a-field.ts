import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'telemetry-adds-a-field',
  scenario: 'instrumentation-toggles',
  breaks: 'telemetry-is-transparent',
  cause: 'request, telemetry on',
  does: 'Adds a field to each request while telemetry is on.',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    buildRequest(run) {
      const body = soundParts.buildRequest(run)
      return run.telemetry.mode === 'off' ? body : { ...body, user: 'traced' }
    },
  }),
} satisfies Defect
