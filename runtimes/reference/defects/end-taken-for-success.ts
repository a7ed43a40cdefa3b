import type { Defect } from './defect.ts'

export default {
  name: 'end-taken-for-success',
  breaks: 'truncation-is-failure',
  does: 'Takes a stream that ended without a terminal event for a whole answer of what had come.',
  parts: () => ({
    unended: (begun, output) => ({ ...begun, output, status: 'completed' }) as NonNullable<typeof begun>,
  }),
} satisfies Defect
