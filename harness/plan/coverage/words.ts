import { answerWords } from './answers.ts'
import { faultWords } from './faults.ts'
import { serviceWords } from './service.ts'
import { shapeWords } from './shape.ts'
import { stopWords } from './stops.ts'
import { teamWords } from './team.ts'
import { telemetryWords } from './telemetry.ts'
import type { Word } from './word.ts'

/** All words of a plan, in the order of the table. */
export const words: readonly Word[] = [
  ...shapeWords,
  ...stopWords,
  ...answerWords,
  ...teamWords,
  ...faultWords,
  ...telemetryWords,
  ...serviceWords,
]
