import type { Defect } from '../defect.ts'

export default {
  name: 'end-taken-for-success',
  scenario: 'stream-errors',
  breaks: 'truncation-is-failure',
  cause: 'last answer was cut off, run completed',
  does: 'Treats a stream that ended without a terminal event as a complete answer.',
  source: 'https://github.com/ag-ui-protocol/ag-ui/issues/2300',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    handleCutStream: (begun, output) =>
      ({ ...begun, output, status: 'completed' }) as NonNullable<typeof begun>,
  }),
} satisfies Defect
