import aiSdk from './stories/ai-sdk.ts'
import background from './stories/background.ts'
import chain from './stories/chain.ts'
import endings from './stories/endings.ts'
import handoff from './stories/handoff.ts'
import parallelTools from './stories/parallel-tools.ts'
import reasoning from './stories/reasoning.ts'
import refusal from './stories/refusal.ts'
import type { Story } from './stories/story.ts'
import text from './stories/text.ts'
import tools from './stories/tools.ts'

/** All stories of the project's own recordings. */
export const stories: readonly Story[] = [
  aiSdk,
  background,
  chain,
  endings,
  handoff,
  parallelTools,
  reasoning,
  refusal,
  text,
  tools,
]
