import type { RefusalRule } from './refusal.ts'
import { section1 } from './section-1.ts'
import { section3 } from './section-3.ts'
import { section4 } from './section-4.ts'
import { section6 } from './section-6.ts'
import { section7 } from './section-7.ts'
import { section8 } from './section-8.ts'

/** Every way in which the service refuses, by the sections of SERVICE-FACTS. */
export const refusals: readonly RefusalRule[] = [
  ...section1,
  ...section3,
  ...section4,
  ...section6,
  ...section7,
  ...section8,
]
