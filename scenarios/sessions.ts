import type { Generated } from '../harness/contract/scenario.ts'
import { arbitraryPlans } from '../harness/plan/arbitraries/plan.ts'
import { listUndrawn, type ScenarioSetup } from '../harness/plan/coverage/undrawn.ts'

const setup: ScenarioSetup = {
  conversations: { min: 1, max: 1 },
  turns: { min: 3, max: 7 },
  spoiled: 30,
  faults: 'retried',
  stopped: 20,
  throwing: 10,
  facts: 10,
  growth: 10,
}

/**
 * A long conversation of three to seven turns, in which the model reasons, calls tools and answers. The service keeps the
 * conversation as a chain of responses or as a conversation object, or the client sends the whole history. If nothing is
 * stored, reasoning is sent encrypted. Some requests fail for a moment and are retried, and some users stop a run while a tool
 * works.
 *
 * In each turn the model must see the earlier turns once and in order, and the service must accept each request.
 */
const sessions: Generated = {
  about:
    'Runs long conversations, kept by response chain, conversation object or history, with reasoning, retries after 429 and 5xx, and runs stopped inside a tool.',
  source: 'https://developers.openai.com/api/docs/guides/conversation-state (how a conversation is carried)',
  needs: ['history'],
  plans: (supports) => arbitraryPlans({ supports, ...setup }),
  leavesOut: (supports) => listUndrawn({ supports, ...setup }),
}

export default sessions
