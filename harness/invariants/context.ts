import { type JsonObject, shown } from '../../mocks/json.ts'
import { effectiveContexts, itemText, roleOf } from '../history/context.ts'
import { conversationOfRun, eventsOf, type History } from '../history/events.ts'
import type { Invariant } from './types.ts'

/** A shorter text could stand in another by chance. */
const CANARY_LENGTH = 12

export const noContextLoss: Invariant = {
  id: 'no-context-loss',
  level: 'must',
  statement:
    'Each request sees the user messages of all completed turns and of its own, once and in order, and the answers and tool results of its own run.',
  source: 'microsoft/agent-framework#4053, second bug: agents receive empty or partial history',
  since: '0.1.0',
  needs: [],
  check(history) {
    const contexts = effectiveContexts(history)
    return history.flatMap((event, at) => {
      if (event.kind !== 'request' || event.run === null) return []
      const context = contexts.get(event.request) ?? []
      const before = history.slice(0, at)
      return [...lostMessages(before, event.run, context), ...lostOfRun(before, event.run, context)].map(
        (message) => ({ at, message: `request ${event.request}: ${message}` }),
      )
    })
  },
}

/** What is wrong with the user messages in a context. */
function lostMessages(before: History, run: string, context: readonly JsonObject[]): string[] {
  const said = eventsOf(before, 'run.start').filter(
    (event) => conversationOfRun(event.run) === conversationOfRun(run),
  )
  const completed = new Set(
    eventsOf(before, 'run.end')
      .filter((event) => event.outcome.status === 'completed')
      .map((event) => event.run),
  )
  const inputs = said.map((event) => event.input)
  const seen = context.filter((item) => roleOf(item) === 'user').map(itemText)
  let last = -1
  return said.flatMap(({ run: speaker, input }) => {
    if (!isCanary(input, inputs)) return []
    const places = seen.flatMap((text, place) => (text.includes(input) ? [place] : []))
    const owed = speaker === run || completed.has(speaker)
    const first = places[0]
    if (first === undefined) return owed ? [`the user's message ${shown(input)} is not in its context`] : []
    if (places.length > 1)
      return [`the user's message ${shown(input)} is in its context ${places.length} times`]
    const late = first < last
    last = Math.max(last, first)
    return late ? [`the user's message ${shown(input)} is out of order in its context`] : []
  })
}

/** What the run itself has gathered so far and the context lacks. */
function lostOfRun(before: History, run: string, context: readonly JsonObject[]): string[] {
  const mine = new Set(
    eventsOf(before, 'request')
      .filter((event) => event.run === run)
      .map((event) => event.request),
  )
  const output = eventsOf(before, 'response.end')
    .filter((event) => mine.has(event.request) && event.how === 'completed')
    .flatMap((event) => event.response?.output ?? [])
  const answers = output.filter((item) => roleOf(item) === 'assistant').map(itemText)
  const calls = output.filter((item) => item['type'] === 'function_call')
  const results = eventsOf(before, 'tool.end').filter(
    (event) => event.run === run && event.result !== undefined,
  )
  const texts = context.map(itemText)
  const outputs = context.filter((item) => item['type'] === 'function_call_output')
  return [
    ...answers
      .filter((answer) => isCanary(answer, answers) && !texts.some((text) => text.includes(answer)))
      .map((answer) => `the answer ${shown(answer)} of its own run is not in its context`),
    ...calls
      .filter((call) => !outputs.some((item) => item['call_id'] === call['call_id']))
      .map(
        (call) => `the result of ${String(call['name'])} (${String(call['call_id'])}) is not in its context`,
      ),
    ...results
      .map((event) => (typeof event.result === 'string' ? event.result : JSON.stringify(event.result)))
      .filter((result) => result.length >= CANARY_LENGTH && !texts.some((text) => text.includes(result)))
      .map((result) => `the tool result ${shown(result)} of its own run is not in its context`),
  ]
}

/** A text that is long enough and occurs in no other of its kind stands for itself. */
function isCanary(text: string, all: readonly string[]): boolean {
  return text.length >= CANARY_LENGTH && all.filter((other) => other.includes(text)).length === 1
}
