import { isObject, type Json } from '../../mocks/json.ts'
import type { Answer, Fault, Item } from '../../mocks/service/types.ts'
import { findCanaries } from './canary.ts'
import { isMessage } from './item-kinds.ts'
import { mapLowerNumbers, removeEach, removeEachKey, shortenToCanary, shrinkEach } from './smaller-parts.ts'

/** The text that replaces a text or a tool result without a canary. */
export const DONE_TEXT = 'Done.'

/** Yields the answer without one fault or one part of its wire form, or with a fault earlier in the stream. */
export function* listAnswersWithFewerFaults(answer: Answer): Generator<Answer> {
  yield* removeEachKey(answer, ['wire'])
  const { faults = [], wire } = answer
  for (const less of removeEach(faults)) yield replaceFaults(answer, less)
  for (const less of shrinkEach(faults, listEarlierFaults)) yield replaceFaults(answer, less)
  if (wire !== undefined && Object.keys(wire).length > 1)
    for (const less of removeEachKey(wire, Object.keys(wire) as (keyof typeof wire)[]))
      yield { ...answer, wire: less }
}

/** Yields the answers with all items of one answer replaced by a text, for each answer. */
export function* replaceEachByText(answers: readonly Answer[]): Generator<Answer[]> {
  yield* shrinkEach(answers, function* (answer) {
    if (answer.items.some(({ type }) => type !== 'text'))
      yield { ...answer, items: [buildReplacementText(answer.items)] }
  })
}

export function* listSmallerAnswers(answer: Answer): Generator<Answer> {
  const { items } = answer
  // Reasoning at the end of a whole answer is something that no model gives.
  const mayEndSo = items.at(-1)?.type === 'reasoning'
  for (const less of removeEach(items))
    if (hasMoreThanReasoning(less) && (mayEndSo || less.at(-1)?.type !== 'reasoning'))
      yield { ...answer, items: less }
  for (const less of shrinkEach(items, listSmallerItems)) yield { ...answer, items: less }
  yield* removeEachKey(answer, ['always', 'agent'])
}

/** Returns whether items can be an answer. Reasoning alone cannot: the model still has to say or call something. */
export function hasMoreThanReasoning(items: readonly Item[]): boolean {
  return items.some(({ type }) => type !== 'reasoning')
}

function* listSmallerItems(item: Item): Generator<Item> {
  if (item.type === 'reasoning') {
    if (item.summary.length > 0) yield { ...item, summary: [] }
    if (item.encrypted) yield { ...item, encrypted: false }
    return
  }
  if (item.type === 'call' && item.wrong !== undefined) yield* removeEachKey(item, ['wrong'])
  if (item.type === 'call') for (const args of listArgumentsWithoutOne(item.args)) yield { ...item, args }
  if (isMessage(item)) yield* removeEachKey(item, ['sameMessage'])
  const short = shortenItem(item)
  if (JSON.stringify(short) !== JSON.stringify(item)) yield short
  if (item.type !== 'text') yield buildReplacementText([item])
}

/** Returns a text item that holds only the first canary of the given items. */
function buildReplacementText(items: readonly Item[]): Item {
  const [token = DONE_TEXT] = findCanaries(JSON.stringify(items))
  return { type: 'text', text: token }
}

function* listEarlierFaults(fault: Fault): Generator<Fault> {
  if ('at' in fault) yield* mapLowerNumbers(fault.at, (at) => ({ ...fault, at }))
}

/** Returns an item with each of its texts shortened to its canary. */
export function shortenItem(item: Item): Item {
  if (isMessage(item)) return { ...item, text: shortenToCanary(item.text) }
  return item.type === 'call' ? { ...item, args: shortenArguments(item.args) } : item
}

/** Yields the arguments without each value that is no text. Texts stay, for a canary may be in them. */
function* listArgumentsWithoutOne(args: Json): Generator<Json> {
  if (!isObject(args)) return
  const entries = Object.entries(args)
  for (const entry of entries)
    if (typeof entry[1] !== 'string') yield Object.fromEntries(entries.filter((one) => one !== entry))
}

function shortenArguments(args: Json): Json {
  if (!isObject(args)) return args
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [
      name,
      typeof value === 'string' ? shortenToCanary(value) : value,
    ]),
  )
}

export function replaceFaults(answer: Answer, faults: Fault[] | undefined): Answer {
  const { faults: _, ...plain } = answer
  return faults && faults.length > 0 ? { ...plain, faults } : plain
}
