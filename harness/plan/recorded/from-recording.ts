import { parseEndpoint } from '../../../mocks/endpoint.ts'
import type { Recording, RecordingFile } from '../../../mocks/recordings/types.ts'
import type { FromRecording } from '../../contract/scenario.ts'
import type { Plan, Turn } from '../types.ts'
import { agentOf } from './agent.ts'
import { answerOf } from './answer.ts'
import { carriedIn } from './carried.ts'
import { conversationsIn } from './conversations.ts'
import { endingOf, isCreate, requestBody } from './exchange.ts'
import { Inexpressible, mustBePlain } from './inexpressible.ts'
import { turnsOf } from './turns.ts'

/**
 * The plans that a file of recordings gives, one for each conversation in it and way of carrying it that fits: the
 * recorded client as the agent with its tools, what they returned and what the user said; the recorded service as the answers.
 */
export function fromRecording(file: RecordingFile): FromRecording {
  const creates = file.recordings.filter(isCreate)
  const rest = file.recordings.filter((recording) => !isCreate(recording))
  const leftOut = rest.map(({ request }) => `${request.method} ${parseEndpoint(request.url).path}`)
  if (creates.length === 0)
    return { plans: [], inexpressible: ['the recording has no POST /responses'], leftOut }
  if (creates.some(({ request }) => !request.recorded))
    return { plans: [], inexpressible: ['the requests were not recorded'], leftOut }
  const plans: Plan[][] = []
  const inexpressible = new Set<string>()
  for (const conversation of conversationsIn(creates)) {
    try {
      plans.push(plansOf(file.id, conversation))
    } catch (error) {
      if (!(error instanceof Inexpressible)) throw error
      inexpressible.add(error.message)
    }
  }
  return { plans: plans.flatMap(named), inexpressible: [...inexpressible], leftOut }
}

function named(plans: readonly Plan[], index: number): FromRecording['plans'] {
  return plans.map((plan) => ({
    name: `conversation ${index}, session ${plan.conversations[0]?.session}`,
    plan,
  }))
}

function plansOf(seed: string, conversation: readonly Recording[]): Plan[] {
  for (const exchange of conversation) mustBePlain(exchange)
  const recorded = turnsOf(conversation)
  const agent = agentOf(conversation)
  const carried = carriedIn(recorded, agent)
  const turns = recorded.map(({ say, stream, exchanges }, index): Turn => {
    const requests = carried[index]
    return {
      say,
      stream,
      answers: exchanges.map(answerOf),
      target: 'same',
      pull: 'same-context',
      ...(requests ? { recorded: requests } : {}),
    }
  })
  const store = conversation.every(
    (exchange) => requestBody(exchange)['store'] !== false && endingOf(exchange).response?.stored !== false,
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
