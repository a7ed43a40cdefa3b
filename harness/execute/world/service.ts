import { createService, type Service } from '../../../mocks/service/service.ts'
import { findTurn } from '../conversation/conversation.ts'
import { attributeRequests } from '../conversation/requests.ts'
import type { Parts } from '../parts.ts'
import { type Clock, EPOCH } from './clock.ts'

/**
 * Returns the service that the runtime talks to. It answers each conversation from the answers of its turn, and each
 * request waits at the gates of its conversation.
 */
export function openService(parts: Parts, clock: Clock | undefined): Service {
  const { plan, conversations, gates, quiet } = parts
  const requests = attributeRequests(parts)
  return createService({
    seed: plan.seed,
    // A plan stays the same in all other conversations when one is removed. A stored plan with one conversation keeps its deltas.
    cutsByText: plan.conversations.length > 1,
    now: () => EPOCH + (clock?.now() ?? 0),
    watch: (event) => {
      quiet.watch(event)
      requests.watch(event)
    },
    script: (request) => findTurn(conversations, requests.runOf(request.number))?.script(request),
    gate: ({ request }) => {
      // What follows garbage in a stream is not held: all of it is on its way before the client can react.
      const owner = requests.hasBroken(request) ? null : (requests.ownerOf(request) ?? null)
      return owner === null ? undefined : gates.arrive(owner, request, requests.runOf(request))
    },
    ...(plan.service ? { facts: plan.service } : {}),
  })
}
