import { isObject, type Json, type JsonObject, listObjects } from '../../mocks/json.ts'
import { parseArguments } from '../account/forms.ts'
import type { History } from '../contract/events.ts'
import { findHandoffTarget, listCalls, listHandoffTargets } from '../history/activations.ts'
import { hasThrowingHookSince } from '../history/hooks.ts'
import { findMark, indexMarks, listOpenCallIds, readItemText, readRole } from '../history/items.ts'
import { memoize } from '../history/projection.ts'
import {
  groupByRun,
  isAnsweredWhole,
  isNested,
  listOuterRequests,
  type RequestRecord,
  type RunRecord,
  readRunStatus,
} from '../history/runs.ts'
import { findCanaries } from '../plan/canary.ts'
import type { Plan } from '../plan/types.ts'
import type { Invariant, Violation } from './types.ts'

export const noRepeatedItems: Invariant = {
  id: 'no-repeated-items',
  level: 'must',
  statement:
    'No request contains a user message, answer, call or tool result more often than the conversation had it.',
  source:
    'https://github.com/microsoft/agent-framework/issues/3295, https://github.com/vercel/ai/issues/13307 (the service refuses an item that it has: "Duplicate item found")',
  since: '0.1.0',
  needs: [],
  check(history) {
    const given = new Map<string, number>()
    const count = (key: string) => given.set(key, (given.get(key) ?? 0) + 1)
    const countText = (text: string) =>
      (['user', 'assistant'] as const).flatMap((role) => listKeys({ role, content: text })).forEach(count)
    const found: Violation[] = []
    history.forEach((event, at) => {
      if (event.kind === 'run.start') countText(event.input)
      // A runtime may pass a tool result to another agent as a message.
      else if (event.kind === 'tool.end' && typeof event.result === 'string') countText(event.result)
      else if (event.kind === 'response.end')
        for (const item of event.response?.output ?? [])
          if (readRole(item) === 'assistant') countText(readItemText(item))
          else listKeys(item).forEach(count)
      else if (event.kind === 'request')
        for (const [key, times] of countRepeatedKeys(event.context))
          if (times > findLimit(key, given.get(key)))
            found.push({
              at,
              message: `request ${event.request} contains ${shortenKey(key)} ${times} times, expected at most ${findLimit(key, given.get(key))}`,
              cause: `${/^the (item|function_call_output|function_call|user message|assistant message)/.exec(key)?.[1]} repeated`,
            })
    })
    return found
  },
  countWitnesses: (history) =>
    history.filter((event) => event.kind === 'request' && event.context.length > 1).length,
}

/** Returns the keys that identify an item: the mark of a message, or the call id of a call or result. */
const listKeys = memoize((item: JsonObject): readonly string[] => {
  const { type, call_id: call, id } = item
  const byId = typeof id === 'string' ? [`the item ${id}`] : []
  if (type === 'function_call' || type === 'function_call_output')
    return typeof call === 'string' ? [`the ${type} ${call}`] : byId
  const role = readRole(item)
  // A message with several canaries is a summary.
  if (findCanaries(readItemText(item)).length > 1) return byId
  const mark = role === 'user' || role === 'assistant' ? findMark(readItemText(item)) : undefined
  return mark === undefined ? byId : [`the ${role} message ${JSON.stringify(mark)}`]
})

/** Returns how often an item may occur in a context: as often as it was given. Texts of the runtime itself have no limit. */
function findLimit(key: string, given: number | undefined): number {
  if (given !== undefined) return given
  const ownText = /^the (user|assistant) message/.test(key) && findCanaries(key).length === 0
  return ownText ? Number.POSITIVE_INFINITY : 1
}

function shortenKey(key: string): string {
  return key.length > 100 ? `${key.slice(0, 97)}...` : key
}

function countRepeatedKeys(context: readonly JsonObject[]): [string, number][] {
  const times = new Map<string, number>()
  for (const key of context.flatMap(listKeys)) times.set(key, (times.get(key) ?? 0) + 1)
  return [...times].filter(([, count]) => count > 1)
}

export const callsAnswered: Invariant = {
  id: 'calls-answered',
  level: 'must',
  statement:
    'In each request, every function call has an output, and every output has its call. When a run completes, each call in its answers was run, except handoffs. Only a call that cannot be run may be answered without being run.',
  source:
    'https://github.com/openai/openai-agents-python/issues/673, https://github.com/openai/openai-agents-js/issues/1190 ("No tool output found for function call"); SERVICE-FACTS 2',
  since: '0.1.0',
  needs: [],
  check: (history, plan) => [
    ...findUnpaired(history),
    ...groupByRun(history).runs.flatMap((story) => findUnansweredCalls(story, plan)),
  ],
  countWitnesses: (history) =>
    groupByRun(history).requests.reduce((sum, { asked, ended }) => {
      const items = [...asked.context, ...(ended?.event.response?.output ?? [])]
      return (
        sum + items.filter(({ type }) => type === 'function_call' || type === 'function_call_output').length
      )
    }, 0),
}

function findUnpaired(history: History): Violation[] {
  const found: Violation[] = []
  history.forEach((event, at) => {
    if (event.kind !== 'request') return
    const calls = listCallIds(event.context, 'function_call')
    for (const callId of listOpenCallIds(event.context))
      found.push({
        at,
        message: `request ${event.request} contains the call ${callId} without an output`,
        cause: 'call without an output',
      })
    for (const id of listCallIds(event.context, 'function_call_output'))
      if (!calls.has(id))
        found.push({
          at,
          message: `request ${event.request} contains an output of the call ${id} without that call`,
          cause: 'output without a call',
        })
  })
  return found
}

function listCallIds(items: readonly JsonObject[], type: string): Set<string> {
  return new Set(items.flatMap((item) => (item['type'] === type ? [String(item['call_id'])] : [])))
}

/**
 * Returns tool calls of complete answers that were not run, although the run completed. A call that the runtime may refuse to run
 * must have an output: a call beside a handoff, of a tool that the request did not offer, or without required arguments. So must a
 * call of an agent that failed before its first request because a hook threw. If the handoff was the end of the run, no request was
 * left that could carry the output. A call that cannot be run needs no output beside a handoff, because the next agent may be told
 * what was said without the calls.
 */
function findUnansweredCalls(story: RunRecord, plan: Plan): Violation[] {
  const { ended, run, stopped, toolStarts } = story
  if (ended === undefined || readRunStatus(story) !== 'completed' || stopped !== undefined) return []
  const requests = listOuterRequests(story)
  const answered = listCallIds(
    requests.flatMap(({ asked }) => asked.context),
    'function_call_output',
  )
  const ran = new Set(toolStarts.map(({ event }) => event.call))
  // A tool run without a call id is matched by the name of the tool.
  const names = new Set(toolStarts.flatMap(({ event }) => (event.call === undefined ? [event.name] : [])))
  return requests.filter(isAnsweredWhole).flatMap((request) =>
    listCalls(request)
      .filter((call) => findHandoffTarget(request, call) === undefined)
      .filter(({ call_id: id, name }) => !ran.has(String(id)) && !names.has(String(name)))
      .filter((call) => !isNestedRun(story, call))
      .flatMap((call) => {
        const { call_id: id, name } = call
        const isAnswered = answered.has(String(id))
        const handsOff = listHandoffTargets(request).length > 0
        const isLast = request === requests.at(-1) && handsOff
        const canRun = canBeRun(request, call)
        const isExcused =
          handsOff || !canRun || (isAgentTool(plan, name) && hasThrowingHookSince(story, story.at))
        if ((isAnswered || isLast || (handsOff && !canRun)) && isExcused) return []
        const what = isAnswered ? 'answered, but not run' : 'neither run nor answered'
        return [
          {
            at: ended.at,
            message: `run ${run} completed, but its call of ${name} (${id}) was ${what}`,
            cause: `call ${what}`,
          },
        ]
      }),
  )
}

function isAgentTool({ team }: Plan, name: Json | undefined): boolean {
  const acts = team.flatMap(({ tools }) => tools.filter((tool) => tool.name === name))
  return acts.some(({ does }) => does.some(({ kind }) => kind === 'agent'))
}

/** Returns whether the request offers the tool of a call, and the call has its required arguments. */
function canBeRun(request: RequestRecord, { name, arguments: written }: JsonObject): boolean {
  const offered = listObjects(request.asked.body['tools']).find(
    (tool) => tool['type'] === 'function' && tool['name'] === name,
  )
  const args = parseArguments(String(written ?? ''))
  if (offered === undefined || !isObject(args)) return false
  const required = isObject(offered['parameters']) ? offered['parameters']['required'] : undefined
  return !Array.isArray(required) || required.every((key) => String(key) in args)
}

/** Returns whether a call ran an agent as a tool: the agent's requests contain the canary of the call, if it has one. */
function isNestedRun(story: RunRecord, { arguments: args }: JsonObject): boolean {
  const [mark] = findCanaries(String(args ?? ''))
  return story.requests
    .filter((request) => isNested(request, story))
    .some(({ asked }) => mark === undefined || indexMarks(asked.context.map(readItemText)).placeOf(mark) >= 0)
}
