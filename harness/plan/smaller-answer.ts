import { isObject, type Json } from '../../mocks/json.ts'
import type { Answer, Fault, Item } from '../../mocks/service/types.ts'
import { canariesIn } from './canary.ts'
import { each, lower, shortened, without, withoutKeys } from './smaller-parts.ts'

/** What a model or a tool says whose own words are not to be kept. */
export const DONE = 'Done.'

/** The answer with a wire form or a fault less, or a fault earlier. */
export function* spoiledLess(answer: Answer): Generator<Answer> {
  yield* withoutKeys(answer, ['wire'])
  const { faults = [], wire } = answer
  for (const less of without(faults)) yield withFaults(answer, less)
  for (const less of each(faults, earlierFaults)) yield withFaults(answer, less)
  if (wire !== undefined && Object.keys(wire).length > 1)
    for (const less of withoutKeys(wire, Object.keys(wire) as (keyof typeof wire)[]))
      yield { ...answer, wire: less }
}

/** The answers with one of them a text in place of all its items. */
export function* answersInWords(answers: readonly Answer[]): Generator<Answer[]> {
  yield* each(answers, function* (answer) {
    if (answer.items.some(({ type }) => type !== 'text')) yield { ...answer, items: [inWords(answer.items)] }
  })
}

export function* smallerAnswers(answer: Answer): Generator<Answer> {
  const { items } = answer
  for (const less of without(items)) if (saysSomething(less)) yield { ...answer, items: less }
  for (const less of each(items, smallerItems)) yield { ...answer, items: less }
  yield* withoutKeys(answer, ['always', 'agent'])
}

/** Reasoning alone is no answer: a model goes on to what it has thought of. */
export function saysSomething(items: readonly Item[]): boolean {
  return items.some(({ type }) => type !== 'reasoning')
}

function* smallerItems(item: Item): Generator<Item> {
  if (item.type === 'reasoning') {
    if (item.summary.length > 0) yield { ...item, summary: [] }
    if (item.encrypted) yield { ...item, encrypted: false }
    return
  }
  const short = shortenedItem(item)
  if (JSON.stringify(short) !== JSON.stringify(item)) yield short
  if (item.type !== 'text') yield inWords([item])
}

/** What stands in the place of items: a text that is their first canary. */
function inWords(items: readonly Item[]): Item {
  const [token = DONE] = canariesIn(JSON.stringify(items))
  return { type: 'text', text: token }
}

function* earlierFaults(fault: Fault): Generator<Fault> {
  if ('at' in fault) yield* lower(fault.at, (at) => ({ ...fault, at }))
}

/** An item with its texts as their canaries alone. */
export function shortenedItem(item: Item): Item {
  if (item.type === 'text' || item.type === 'refusal') return { ...item, text: shortened(item.text) }
  return item.type === 'call' ? { ...item, args: shortenedArgs(item.args) } : item
}

function shortenedArgs(args: Json): Json {
  if (!isObject(args)) return args
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [name, typeof value === 'string' ? shortened(value) : value]),
  )
}

export function withFaults(answer: Answer, faults: Fault[] | undefined): Answer {
  const { faults: _, ...plain } = answer
  return faults && faults.length > 0 ? { ...plain, faults } : plain
}
