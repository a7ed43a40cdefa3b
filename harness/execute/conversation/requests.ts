import type { RequestSeen } from '../../../mocks/service/watch.ts'
import type { ModelRequest } from '../../contract/events.ts'
import { observeRequests, type RequestObserver } from '../../observe/requests.ts'
import type { Parts } from '../parts.ts'
import { answersCallOf, isStillAtWork } from './at-work.ts'
import {
  asksForAnswer,
  attributeToConversation,
  endsWithOwnMessage,
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

  /**
   * Returns the run of an earlier turn that sends a request late: the request carries the texts of that turn and of no later
   * one. A request that answers a call of the turn that is on belongs to that turn. If the request ends with a message of the
   * runtime itself, the turn that is on may have lost its own message. Then the request belongs to the earlier run only if that run
   * still works.
   */
  function earlierRun(
    conversation: number | null,
    turn: number | undefined,
    seen: unknown,
  ): string | undefined {
    if (turn === undefined || !asksForAnswer(seen)) return undefined
    const run = findTurn(conversations, `c${conversation}.t${turn}`)?.run
    const now = runOf(conversation)
    if (run === undefined || run === now) return run
    if (now !== null && answersCallOf(history.events, now, seen)) return undefined
    return endsWithOwnMessage(seen, canaries) && !isStillAtWork(history.events, run) ? undefined : run
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
      const seen = context ?? body
      const {
        conversation: owner,
        turn,
        carries,
      } = attributeToConversation(seen, canaries, whoseTurn.conversation)
      // A conversation that has not begun sends no request, so the conversation that has its turn sent this one.
      const conversation = runOf(owner) === null ? whoseTurn.conversation : owner
      const run = (conversation === owner ? earlierRun(owner, turn, seen) : undefined) ?? runOf(conversation)
      const agent = findAskingAgent(plan.team, body, context)
      const handoffs = listOfferedHandoffs(plan.team, agent, body)
      return {
        conversation,
        run,
        carries,
        ...(agent === undefined ? {} : { agent }),
        ...(handoffs === undefined ? {} : { handoffs }),
        ...(isOwnTool(agent, findTurn(conversations, run), seen) ? { nested: true as const } : {}),
        ...recordedFor(run, attempt),
      }
    },
    cause: () => ({ conversation: whoseTurn.conversation, run: runOf(whoseTurn.conversation) }),
    stalled: (conversation, request, run) => gates.hold(conversation, request, run),
    cancelled: (conversation, request) => gates.leave(conversation, request),
    sent: (run, request, index) => findTurn(conversations, run)?.noteEventSent(request, index),
  })
}
