import type { Generated } from '../harness/contract/scenario.ts'
import { plans } from '../harness/plan/arbitraries/plan.ts'

/**
 * A long conversation: the user says three to seven things, and the model reasons, calls tools and answers. The service
 * remembers it by a chain of responses or a conversation object, or the client carries all of it, also where nothing is
 * stored and reasoning travels encrypted. On the way the service is busy or down for a moment and the client asks again; a
 * user gives up while a tool works.
 *
 * At each turn the model must see what was said before, once and in order, and the service must accept what it is sent.
 */
const sessions: Generated = {
  about:
    'Long conversations by chain, conversation object or history, stored or not, with reasoning to be carried, retries after 429 and 5xx, and runs stopped inside a tool.',
  source: 'https://developers.openai.com/api/docs/guides/conversation-state (how a conversation is carried)',
  needs: ['history'],
  plans: (supports) =>
    plans({
      supports,
      conversations: { min: 1, max: 1 },
      turns: { min: 3, max: 7 },
      spoiled: 30,
      faults: 'passing',
      stopped: 20,
      throwing: 10,
      facts: 10,
    }),
}

export default sessions
