// Explores the number of plans in the first argument. Prints time and memory as JSON. Started by growth.ts.
import { runtime } from '../runtimes/reference/adapter.ts'
import type { Growth } from './growth.ts'
import { exploreAll, generateSmallPlans } from './plans.ts'

const plans = Number(process.argv[2])
const begun = performance.now()
await exploreAll(runtime, generateSmallPlans(runtime, plans))
const milliseconds = performance.now() - begun
globalThis.gc?.()
const grown: Growth = {
  plans,
  milliseconds,
  peak: process.resourceUsage().maxRSS * 1024,
  heap: process.memoryUsage().heapUsed,
}
console.log(JSON.stringify(grown))
