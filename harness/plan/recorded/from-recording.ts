import { parseEndpoint } from '../../../mocks/endpoint.ts'
import type { Recording, RecordingFile } from '../../../mocks/recordings/types.ts'
import type { FromRecording } from '../../contract/scenario.ts'
import type { Plan, Turn } from '../types.ts'
import { buildAgent } from './agent.ts'
import { buildAnswer } from './answer.ts'
import { listComparableRequests } from './carried.ts'
import { groupIntoConversations } from './conversations.ts'
import { isResponseCreation, readEnding, readRequestBody } from './exchange.ts'
import { checkExpressible, InexpressibleError } from './inexpressible.ts'
import { splitIntoTurns } from './turns.ts'

/**
 * Returns the plans of a file of recordings: one for each conversation and each session mode that fits it. The recorded
 * requests become the agent, its tools and the user's messages. The recorded responses become the answers.
 */
export function buildPlansFromRecording(file: RecordingFile): FromRecording {
  const creates = file.recordings.filter(isResponseCreation)
  const rest = file.recordings.filter((recording) => !isResponseCreation(recording))
  const leftOut = rest.map(({ request }) => `${request.method} ${parseEndpoint(request.url).path}`)
  if (creates.length === 0)
    return { plans: [], inexpressible: ['the recording has no POST /responses'], leftOut }
  if (creates.some(({ request }) => !request.recorded))
    return { plans: [], inexpressible: ['the requests were not recorded'], leftOut }
  const plans: Plan[][] = []
  const inexpressible = new Set<string>()
  for (const conversation of groupIntoConversations(creates)) {
    try {
      plans.push(buildPlans(file.id, conversation))
    } catch (error) {
      if (!(error instanceof InexpressibleError)) throw error
      inexpressible.add(error.message)
    }
  }
  return { plans: plans.flatMap(namePlans), inexpressible: [...inexpressible], leftOut }
}

function namePlans(plans: readonly Plan[], index: number): FromRecording['plans'] {
  return plans.map((plan) => ({
    name: `conversation ${index}, session ${plan.conversations[0]?.session}`,
    plan,
  }))
}

function buildPlans(seed: string, conversation: readonly Recording[]): Plan[] {
  for (const exchange of conversation) checkExpressible(exchange)
  const recorded = splitIntoTurns(conversation)
  const agent = buildAgent(conversation)
  const carried = listComparableRequests(recorded, agent)
  const turns = recorded.map(({ say, stream, exchanges }, index): Turn => {
    const requests = carried[index]
    return {
      say,
      stream,
      answers: exchanges.map(buildAnswer),
      target: 'same',
      pull: 'same-context',
      ...(requests ? { recorded: requests } : {}),
    }
  })
  const store = conversation.every(
    (exchange) =>
      readRequestBody(exchange)['store'] !== false && readEnding(exchange).response?.stored !== false,
  )
  const sessions = store ? (['history', 'previous-response'] as const) : (['history'] as const)
  return sessions.map((session) => ({
    schema: 1,
    seed,
    team: [agent],
    conversations: [{ session, store, turns }],
    delivery: [],
    mode: { start: 'on' },
  }))
}
