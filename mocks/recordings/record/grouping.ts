import { createHash } from 'node:crypto'
import { append } from '../../append.ts'
import { isObject, type Json, type JsonObject, toCanonicalJson } from '../../json.ts'
import { parseJsonOrUndefined } from '../../limits.ts'
import { readInputItems } from '../../request.ts'
import { parseSse } from '../../sse.ts'
import type { Recording, RecordingLink } from '../types.ts'

/**
 * The names that connect exchanges: names that the request of an exchange mentions, and names that the exchange
 * creates.
 */
export interface Ties {
  /** Each mentioned name, with the key that held it. */
  mentions: Map<string, string>
  brings: Set<string>
}

const NAMES: ReadonlySet<string> = new Set([
  'id',
  'call_id',
  'item_id',
  'approval_request_id',
  'previous_response_id',
  'conversation',
])
const NAME = /^[a-z]+_[A-Za-z0-9_-]{4,}$/

/** Returns the names that an exchange mentions and creates. */
export function readTies({ request, response }: Recording): Ties {
  const mentions = new Map<string, string>()
  for (const [key, name] of findIds(request.body)) mentions.set(name, key)
  for (const part of new URL(request.url, 'http://localhost').pathname.split('/'))
    if (NAME.test(part)) mentions.set(part, 'path')
  const brings = new Set<string>()
  for (const value of parseBodies(response)) for (const [, name] of findIds(value)) brings.add(name)
  const items = isObject(request.body) ? readInputItems(request.body['input']) : []
  const hash = createHash('sha256')
  for (const [index, item] of items.entries()) {
    hash.update(toCanonicalJson(normaliseItem(item))).update('\n')
    const name = `prefix ${hash.copy().digest('hex')}`
    if (index === items.length - 1) brings.add(name)
    else mentions.set(name, 'prefix')
  }
  return { mentions, brings }
}

function parseBodies({ body }: Recording['response']): unknown[] {
  if ('json' in body) return [body.json]
  return 'sse' in body ? parseSse(body.sse).map(({ data }) => parseJsonOrUndefined(data)) : []
}

function* findIds(value: unknown): Generator<[key: string, name: string]> {
  const open: unknown[] = [value]
  for (let held = open.pop(); held !== undefined || open.length > 0; held = open.pop()) {
    if (Array.isArray(held)) append(open, held)
    else if (isObject(held))
      for (const [key, child] of Object.entries(held)) {
        if (typeof child === 'object') open.push(child)
        else if (typeof child === 'string' && NAMES.has(key) && NAME.test(child)) yield [key, child]
      }
  }
}

/**
 * Returns an item without the parts that clients write differently from turn to turn: ids, statuses and the forms of a
 * plain text.
 */
function normaliseItem(item: JsonObject): Json {
  const { id: _, status: __, type, content, ...rest } = item
  const parts = Array.isArray(content)
    ? content.map((part) => (isObject(part) ? (part['text'] ?? part) : part))
    : [content ?? null]
  const isMessage = type === undefined || type === 'message'
  return { ...rest, ...(isMessage ? { said: parts } : { type, ...(content !== undefined && { content }) }) }
}

export interface Grouping {
  /**
   * Adds exchange `index`. Returns the members of its group, in order, and the first member of each group that was
   * merged into it.
   */
  add(index: number, ties: Ties): { members: number[]; absorbed: number[] }
  /** Returns the earlier members of the group that exchange `index` mentions. Indices are those given to `add`. */
  findLinks(index: number): RecordingLink[]
}

/**
 * Groups exchanges into conversations. Exchanges may end in any order. An exchange belongs to the exchanges that
 * created the names that it mentions.
 */
export function createGrouping(): Grouping {
  const ties = new Map<number, Ties>()
  const bringers = new Map<string, number[]>()
  const mentioners = new Map<string, number[]>()
  const groupOf = new Map<number, Set<number>>()

  const join = (a: number, b: number) => {
    const [into, from] = [groupOf.get(a), groupOf.get(b)]
    if (into === undefined || from === undefined || into === from) return
    for (const member of from) {
      into.add(member)
      groupOf.set(member, into)
    }
  }
  const sorted = (index: number) => [...(groupOf.get(index) ?? [])].sort((a, b) => a - b)

  return {
    add(index, added) {
      ties.set(index, added)
      groupOf.set(index, new Set([index]))
      const firsts = new Set<number>()
      const tie = (other: number | undefined) => {
        if (other === undefined) return
        const first = sorted(other)[0]
        if (first !== undefined && first !== index) firsts.add(first)
        join(index, other)
      }
      // If several exchanges have the same history, the latest one is continued.
      for (const name of added.mentions.keys()) {
        tie(bringers.get(name)?.at(-1))
        addToList(mentioners, name, index)
      }
      for (const name of added.brings) {
        if (!name.startsWith('prefix ')) for (const other of mentioners.get(name) ?? []) tie(other)
        addToList(bringers, name, index)
      }
      const members = sorted(index)
      return { members, absorbed: [...firsts].filter((first) => first !== members[0]) }
    },
    findLinks(index) {
      const by = new Map<number, Set<string>>()
      for (const [name, key] of ties.get(index)?.mentions ?? []) {
        const from = bringers
          .get(name)
          ?.findLast((bringer) => bringer < index && groupOf.get(index)?.has(bringer))
        if (from !== undefined) by.set(from, (by.get(from) ?? new Set()).add(key))
      }
      return [...by].sort(([a], [b]) => a - b).map(([from, keys]) => ({ from, by: [...keys].sort() }))
    },
  }
}

function addToList(lists: Map<string, number[]>, name: string, index: number): void {
  const list = lists.get(name)
  if (list) list.push(index)
  else lists.set(name, [index])
}
