import { listConversations } from '../account/entries.ts'
import { hasChangedHands } from '../account/owed.ts'
import { type Discrepancy, findAlterations, findLosses } from '../account/requests.ts'
import { type History, parseConversation } from '../contract/events.ts'
import { memoize } from '../history/projection.ts'
import { groupByRun, listOuterRequests, type RequestRecord } from '../history/runs.ts'
import type { Invariant, Violation } from './types.ts'

const MAF_4053 = 'https://github.com/microsoft/agent-framework/issues/4053'

export const noContextLoss: Invariant = {
  id: 'no-context-loss',
  level: 'must',
  statement:
    'Each request contains, in order, the user messages of all completed turns and of the current turn, and the answers, calls and tool results of these turns. After a handoff, the answers, calls and results that the agent received itself since it took over are enough.',
  source: `${MAF_4053} (its second bug: agents receive empty or partial history); https://developers.openai.com/api/docs/guides/conversation-state (the items of earlier turns are passed on)`,
  since: '0.1.0',
  needs: [],
  check: (history) => compareRequests(history, (found) => found.what !== 'altered' && found.level === 'must'),
  countWitnesses: (history) => listResolvedRequests(history).length,
}

export const noAlteredContext: Invariant = {
  id: 'no-altered-context',
  level: 'must',
  statement:
    'Each user message, answer, call and tool result in a request is exactly what the user said, the model answered or the tool gave. After a handoff, a runtime may put words of its own around a text.',
  source:
    'https://developers.openai.com/api/docs/guides/conversation-state (the items of earlier turns are passed on as they are); https://developers.openai.com/api/docs/guides/function-calling (the output of a call is the result of the function)',
  since: '0.1.0',
  needs: [],
  check: (history) => compareRequests(history, ({ what }) => what === 'altered'),
  countWitnesses: (history) =>
    listResolvedRequests(history).filter(({ asked }) => asked.context.length > 0).length,
}

export const handoffKeepsContext: Invariant = {
  id: 'handoff-keeps-context',
  // A runtime may filter what an agent sees of the work of another agent.
  level: 'should',
  statement:
    'After a handoff, the new agent sees the answers and tool results of the agents before it and of the completed turns before, also when it takes over for the second time.',
  source: `${MAF_4053} (each agent should see the complete conversation history, regardless of how many handoffs have occurred)`,
  since: '0.1.0',
  needs: ['handoff'],
  check: (history) => compareRequests(history, ({ level }) => level === 'should'),
  countWitnesses: (history) =>
    listConversations(history).reduce((sum, account) => {
      const requests = account.runs.flatMap(listOuterRequests).filter(isResolved)
      return sum + requests.filter(({ at }) => hasChangedHands(account, at)).length
    }, 0),
}

interface RequestDiscrepancy extends Discrepancy {
  request: RequestRecord
}

/** Returns the differences between each request and the account of its conversation. */
const listDiscrepancies = memoize((history: History): readonly RequestDiscrepancy[] =>
  listConversations(history).flatMap((account) =>
    account.runs.flatMap((story) =>
      story.requests
        .filter(isResolved)
        .flatMap((request) =>
          [...findLosses(account, request, story), ...findAlterations(account, request, story)].map(
            (found) => ({ ...found, request }),
          ),
        ),
    ),
  ),
)

function compareRequests(history: History, counts: (found: Discrepancy) => boolean): Violation[] {
  return listDiscrepancies(history)
    .filter(counts)
    .map(({ request, message, entry, what }) => ({
      at: request.at,
      message: `request ${request.asked.request} ${message}`,
      cause: `${entry.kind} ${what}`,
    }))
}

function listResolvedRequests(history: History): RequestRecord[] {
  return groupByRun(history).runs.flatMap(({ requests }) => requests.filter(isResolved))
}

/** Returns whether the service knows what the model sees. A refusal may come before the service resolves the context. */
function isResolved({ refused }: RequestRecord): boolean {
  return refused === undefined
}

export const noForeignContext: Invariant = {
  id: 'no-foreign-context',
  level: 'must',
  statement: 'No request contains texts of another conversation.',
  source:
    'https://github.com/veryfront/veryfront-code/issues/2336 (concurrent streams on a shared agent contaminate each other)',
  since: '0.1.0',
  needs: [],
  check(history) {
    const found: Violation[] = []
    history.forEach((event, at) => {
      if (event.kind !== 'request' || event.run === null) return
      const own = parseConversation(event.run)
      const foreign = event.carries.filter((conversation) => conversation !== own)
      if (foreign.length === 0) return
      const whose =
        foreign.length === 1 ? `conversation ${foreign[0]}` : `conversations ${foreign.join(', ')}`
      found.push({
        at,
        message: `request ${event.request} of run ${event.run} contains texts of ${whose}`,
        cause: 'text of another conversation',
      })
    })
    return found
  },
  countWitnesses(history) {
    const begun = new Set<number | undefined>()
    let count = 0
    for (const event of history) {
      if (event.kind === 'run.start') begun.add(parseConversation(event.run))
      else if (event.kind === 'request' && event.run !== null && begun.size > 1) count++
    }
    return count
  },
}
