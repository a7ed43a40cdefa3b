import type { RequestSeen } from '../../../mocks/service/watch.ts'
import type { ModelRequest } from '../../contract/events.ts'
import { observeRequests, type RequestObserver } from '../../observe/requests.ts'
import type { Parts } from '../parts.ts'
import {
  attributeToConversation,
  findAskingAgent,
  indexCanaries,
  listAgentsThatAreOwnTools,
  listOfferedHandoffs,
  readLastUserText,
} from './attribution.ts'
import { findTurn } from './conversation.ts'
import type { OpenTurn } from './turn.ts'

/** Records what the service sees and sends, each request under the conversation that it belongs to. */
export function attributeRequests({
  plan,
  conversations,
  gates,
  history,
  whoseTurn,
}: Pick<Parts, 'plan' | 'conversations' | 'gates' | 'history' | 'whoseTurn'>): RequestObserver {
  const canaries = indexCanaries(plan)
  const asked = new Map<string, number>()
  const runOf = (conversation: number | null) => conversations[conversation ?? -1]?.turn?.run ?? null

  /** Returns the recorded request at the same place: the one for the k-th answer of the run, whatever the attempt. */
  function recordedFor(run: string | null, attempt: number): Partial<Pick<ModelRequest, 'recorded'>> {
    const turn = findTurn(conversations, run)
    if (run === null || turn?.plan.recorded === undefined) return {}
    const place = (asked.get(run) ?? -1) + (attempt === 0 ? 1 : 0)
    asked.set(run, place)
    const recorded = turn.plan.recorded[place]
    return recorded === undefined ? {} : { recorded }
  }

  const ownTools = listAgentsThatAreOwnTools(plan.team)
  /**
   * Returns whether an agent that is its own tool was called as one: then the last user message is not the run's own.
   */
  function isOwnTool(agent: string | undefined, turn: OpenTurn | undefined, seen: unknown): boolean {
    if (agent === undefined || turn === undefined || !ownTools.has(agent)) return false
    return !readLastUserText(seen).includes(turn.plan.say)
  }

  return observeRequests(history, {
    attribute({ context, body, attempt = 0 }: RequestSeen) {
      const { conversation: owner, carries } = attributeToConversation(
        context ?? body,
        canaries,
        whoseTurn.conversation,
      )
      // A conversation that has not begun sends no request, so the conversation that has its turn sent this one.
      const conversation = runOf(owner) === null ? whoseTurn.conversation : owner
      const run = runOf(conversation)
      const agent = findAskingAgent(plan.team, body, context)
      const handoffs = listOfferedHandoffs(plan.team, agent, body)
      return {
        conversation,
        run,
        carries,
        ...(agent === undefined ? {} : { agent }),
        ...(handoffs === undefined ? {} : { handoffs }),
        ...(isOwnTool(agent, conversations[conversation ?? -1]?.turn, context ?? body)
          ? { nested: true as const }
          : {}),
        ...recordedFor(run, attempt),
      }
    },
    cause: () => ({ conversation: whoseTurn.conversation, run: runOf(whoseTurn.conversation) }),
    stalled: (conversation, request) => gates.hold(conversation, request),
    cancelled: (conversation, request) => gates.leave(conversation, request),
    sent: (conversation, request, index) => conversations[conversation]?.turn?.noteEventSent(request, index),
  })
}
