import {
  type AgentTurn,
  listActivations,
  listAgentTurns,
  listHandoffTargets,
} from '../history/activations.ts'
import {
  groupByRun,
  isAnsweredWhole,
  listOuterRequests,
  type RequestRecord,
  type RunRecord,
  readRunStatus,
} from '../history/runs.ts'
import { listMessages, type Message } from './transcript.ts'
import type { Invariant, Violation } from './types.ts'

const MAF_4053 = 'https://github.com/microsoft/agent-framework/issues/4053'

export const handoffReachesItsTarget: Invariant = {
  id: 'handoff-reaches-its-target',
  level: 'must',
  statement:
    'After an answer that hands off, the next request comes from a target of the handoff, unless the run fails, is stopped, or meets the end condition of its flow. The agent changes only by a handoff, and the runtime reports each handoff.',
  source: `${MAF_4053}; https://openai.github.io/openai-agents-js/guides/handoffs/ (a handoff transfers the conversation to the other agent)`,
  since: '0.1.0',
  needs: ['handoff'],
  check(history) {
    const { runs } = groupByRun(history)
    return runs.flatMap((story) => [
      ...findWrongOrUnreportedHandoffs(story),
      ...findUnansweredHandoff(story, runs),
      ...findFalseReports(story),
    ])
  },
  countWitnesses: (history) =>
    groupByRun(history)
      .runs.flatMap(listOuterRequests)
      .filter((request) => listHandoffTargets(request).length > 0).length,
}

/** Returns requests of agents that the conversation was not handed to. */
function findWrongOrUnreportedHandoffs(story: RunRecord): Violation[] {
  const requests = listOuterRequests(story)
  return requests.slice(1).flatMap(({ at, asked }, before) => {
    const last = requests[before]
    if (last === undefined) return []
    const targets = listHandoffTargets(last)
    const { agent = 'an unknown agent', request } = asked
    const own = targets.length === 0 && agent === last.asked.agent
    if (own || asked.attempt > 0) return []
    if (targets.length === 0)
      return [
        {
          at,
          message: `request ${request} comes from ${agent}, but nobody handed off to ${agent}`,
          cause: 'another agent without a handoff',
        },
      ]
    if (!targets.includes(agent))
      return [
        {
          at,
          message: `request ${request} comes from ${agent}, expected ${targets.join(' or ')} after the handoff`,
          cause: 'another agent than the target',
        },
      ]
    const told = story.handoffs.some((handoff) => handoff.event.to === agent && handoff.at < at)
    return told
      ? []
      : [{ at, message: `the runtime did not report the handoff to ${agent}`, cause: 'handoff not reported' }]
  })
}

/** Returns a violation if a completed run ended with a handoff, although no end condition was met. */
function findUnansweredHandoff(story: RunRecord, runs: readonly RunRecord[]): Violation[] {
  const { ended, stopped, run } = story
  const last = listOuterRequests(story).at(-1)
  if (last === undefined || ended === undefined || stopped !== undefined) return []
  const targets = listHandoffTargets(last)
  if (readRunStatus(story) !== 'completed' || targets.length === 0) return []
  if (hasMetEnd(story, runs)) return []
  const message = `run ${run} completed, but ${targets.join(' or ')} sent no request after the handoff`
  return [{ at: ended.at, message, cause: 'no request of the target' }]
}

/** Returns reported handoffs that no answer contains. */
function findFalseReports(story: RunRecord): Violation[] {
  const requests = listOuterRequests(story)
  return story.handoffs.flatMap(({ at, event: { from, to } }) => {
    const last = requests.findLast((request) => request.at < at)
    if (last !== undefined && last.asked.agent === from && listHandoffTargets(last).includes(to)) return []
    const message = `the runtime reported a handoff from ${from} to ${to}, but ${from} made none`
    return [{ at, message, cause: 'report without a handoff' }]
  })
}

/** Counts the messages of an agent in a run and in the earlier runs of its conversation, including incomplete ones. */
function countMessages(runs: readonly RunRecord[], { conversation, at }: RunRecord, agent: string): number {
  return runs
    .filter((run) => run.conversation === conversation && run.at <= at)
    .flatMap(listOuterRequests)
    .filter(({ asked }) => asked.agent === agent)
    .reduce((sum, request) => sum + listMessages(request).length, 0)
}

/** Returns the messages of complete answers, in order. */
function listCompleteMessages(requests: readonly RequestRecord[]): Message[] {
  return requests.filter(isAnsweredWhole).flatMap(listMessages)
}

export const handoffsEnd: Invariant = {
  id: 'handoffs-end',
  level: 'must',
  statement:
    'No agent takes more turns in one activation than its limit, and no turn follows when the end condition of the workflow is met. A run completes only then: its last agent has taken all its turns (one, without a limit), or the end condition is met.',
  source: `${MAF_4053} (with_autonomous_mode(turn_limits), termination_condition)`,
  since: '0.1.0',
  needs: ['flow'],
  check: (history) =>
    groupByRun(history).runs.flatMap((story) => [
      ...findTurnsOverLimit(story),
      ...findTurnAfterEnd(story),
      ...findEarlyEnd(story, groupByRun(history).runs),
    ]),
  countWitnesses: (history) => groupByRun(history).runs.reduce((sum, story) => sum + countEnds(story), 0),
}

/** Counts where a flow has to end something: an agent that has reached its limit, and an end condition that was met. */
function countEnds(story: RunRecord): number {
  const { turnLimits = {}, endAfter } = story.started.flow ?? {}
  const atLimit = listActivations(story).filter(
    ({ agent = '', turns }) => turns.length >= (turnLimits[agent] ?? Number.POSITIVE_INFINITY),
  )
  return atLimit.length + (endAfter !== undefined && findEndingTurn(story, endAfter).last >= 0 ? 1 : 0)
}

function findTurnsOverLimit(story: RunRecord): Violation[] {
  const limits = story.started.flow?.turnLimits ?? {}
  return listActivations(story).flatMap(({ agent = '', turns }) => {
    const limit = limits[agent] ?? Number.POSITIVE_INFINITY
    const first = turns[limit]?.requests[0]
    if (first === undefined) return []
    const message = `request ${first.asked.request} begins turn ${limit + 1} of ${agent} in one activation, expected at most ${limit}`
    return [{ at: first.at, message, cause: 'more turns than the limit' }]
  })
}

/** Returns the first turn after the end condition was met. Only messages of this run count. */
function findTurnAfterEnd(story: RunRecord): Violation[] {
  const { endAfter } = story.started.flow ?? {}
  if (endAfter === undefined) return []
  const { last, said } = findEndingTurn(story, endAfter)
  const next: AgentTurn | undefined = last < 0 ? undefined : listAgentTurns(story)[last + 1]
  const [first] = next?.requests ?? []
  if (first === undefined) return []
  const message = `request ${first.asked.request} of ${first.asked.agent} was sent after ${endAfter.agent} had said ${said === 1 ? '1 message' : `${said} messages`}, expected the workflow to end there`
  return [{ at: first.at, message, cause: 'turn after the end condition' }]
}

/** Returns a violation if a run completed although its last agent had turns left and the end condition was not met. */
function findEarlyEnd(story: RunRecord, runs: readonly RunRecord[]): Violation[] {
  const { ended, stopped, run, started } = story
  const { flow } = started
  const last = listActivations(story).at(-1)
  const isOver = ended !== undefined && stopped === undefined && readRunStatus(story) === 'completed'
  if (!isOver || flow === undefined || last === undefined || hasMetEnd(story, runs)) return []
  const { agent = '', turns, requests } = last
  const limit = flow.turnLimits[agent] ?? 1
  const answer = requests.at(-1)
  if (turns.length >= limit || answer === undefined || listHandoffTargets(answer).length > 0) return []
  const message = `run ${run} completed after turn ${turns.length} of ${agent}, expected ${limit} turns or the end condition`
  return [{ at: ended.at, message, cause: 'ended before the limit' }]
}

/** Returns whether the end condition of a run's flow is met, by messages of this run and of those before it. */
function hasMetEnd(story: RunRecord, runs: readonly RunRecord[]): boolean {
  const { endAfter } = story.started.flow ?? {}
  return endAfter !== undefined && countMessages(runs, story, endAfter.agent) >= endAfter.messages
}

/** Returns the index of the turn that meets the end condition, or -1, and how many messages the agent had said by then. */
function findEndingTurn(
  story: RunRecord,
  endAfter: { agent: string; messages: number },
): { last: number; said: number } {
  let said = 0
  const last = listAgentTurns(story).findIndex(({ agent, requests }) => {
    if (agent === endAfter.agent) said += listCompleteMessages(requests).length
    return said >= endAfter.messages
  })
  return { last, said }
}
