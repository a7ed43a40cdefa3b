import { append } from '../append.ts'
import { isObject, type Json, type JsonObject } from '../json.ts'
import type { BackgroundRun } from './background.ts'
import type { OutputItem } from './compose/items.ts'
import { endedResponse, type WireResponse } from './compose/response.ts'
import type { Ground } from './context.ts'
import type { Exchange } from './exchange.ts'
import { idsOf, lineageOf } from './ids.ts'
import { type Machine, secondsOf } from './machine.ts'
import { rememberItems, type StoredResponse } from './store.ts'
import type { CreateBody } from './types.ts'

/** A response in the making: it holds its conversation, and decides what is kept of it. Over after one of the ends. */
export interface Draft {
  /** A background response exists from its creation on, whatever becomes of it. */
  begin(response: WireResponse, run: BackgroundRun): void
  /** The response ended by itself: completed, incomplete or failed. */
  settle(response: WireResponse): void
  /** The connection ended first; `done` are the items whose `output_item.done` had been sent, in JSON none. */
  cut(response: WireResponse, done: readonly OutputItem[]): void
  /** Nothing was made. */
  abandon(): void
}

export function openDraft(
  body: CreateBody,
  ground: Ground,
  input: readonly JsonObject[],
  exchange: Exchange,
  machine: Machine,
): Draft {
  const { store, facts } = machine
  const { conversation } = ground
  if (conversation !== undefined && facts.conversationLock === 'until-end')
    conversation.lockedBy = exchange.number
  const persisted = body['store'] !== false
  let kept: StoredResponse | undefined

  const release = () => {
    if (conversation?.lockedBy === exchange.number) delete conversation.lockedBy
  }
  const keep = (response: WireResponse, run?: BackgroundRun): StoredResponse => {
    if (kept === undefined) {
      const own = ownInput(input, response, persisted, machine)
      kept = keptResponse(response, ground, own, persisted, machine.now())
    }
    kept.response = response
    if (run !== undefined) kept.run = run
    if (!persisted) kept.expires = kept.created + facts.retentionMs
    if (persisted || kept.run !== undefined) store.responses.set(response.id, kept)
    return kept
  }
  const keepOutput = (response: WireResponse) =>
    rememberItems(store, response.output as unknown as JsonObject[], persisted)
  const join = ({ context }: StoredResponse, output: readonly unknown[]) => {
    if (conversation === undefined || !persisted) return
    const own = context.slice(ground.chain.length)
    append(conversation.items, own)
    append(conversation.items, followed(output as unknown as JsonObject[]))
  }

  return {
    begin: (response, run) => void keep(response, run),
    settle(response) {
      release()
      const { status } = response
      const stored = keep(response)
      keepOutput(response)
      if (
        status === 'completed' ||
        (status === 'incomplete' && facts.conversationAfterIncomplete === 'items')
      )
        join(stored, response.output)
      else if (status === 'failed' && facts.conversationAfterFailed === 'input') join(stored, [])
    },
    cut(response, done) {
      release()
      if (kept?.run !== undefined || !persisted) return
      const keepWith = (output: WireResponse['output']): StoredResponse | undefined => {
        if (output.length === 0) {
          keep(cancelledResponse(response))
          return undefined
        }
        const stored = keep({ ...response, output })
        keepOutput(stored.response)
        return stored
      }
      switch (facts.afterCut) {
        case 'not-found':
          return
        case 'cancelled':
          keepWith([])
          return
        case 'completed':
          keepWith(response.output)
          return
        case 'keep-done-items': {
          const output = followed(done)
          const stored = keepWith(output)
          if (stored !== undefined) join(stored, output)
          return
        }
        default:
          facts.afterCut satisfies never
      }
    },
    abandon: release,
  }
}

/** Items without bare reasoning at their end, on which nothing could ever go on (SERVICE-FACTS 1, 3). */
function followed<Held extends { type?: unknown }>(items: readonly Held[]): Held[] {
  return items.slice(0, items.findLastIndex(({ type }) => type !== 'reasoning') + 1)
}

/** A cancelled response: no output, no usage, no reason (SERVICE-FACTS 8). */
export function cancelledResponse(response: WireResponse): WireResponse {
  const nothing = { completed_at: null, error: null, incomplete_details: null, output: [] }
  const ended = endedResponse(response, { status: 'cancelled', ...nothing })
  // The SDK's type knows no usage of null; the wire does.
  return { ...ended, usage: null } as unknown as WireResponse
}

/** A response as it is kept. Its context is made when somebody asks for it, which most clients never do. */
function keptResponse(
  response: WireResponse,
  { chain }: Ground,
  own: () => readonly JsonObject[],
  persisted: boolean,
  created: number,
): StoredResponse {
  let context: readonly JsonObject[] | undefined
  return {
    response,
    get context() {
      context ??= [...chain, ...own()]
      return context
    },
    persisted,
    created,
  }
}

/**
 * Makes a response's own input known, and returns what gives it as it is kept: every item with an id of the response's
 * lineage. Items that came without an id get theirs when somebody asks for them: a client that sends its whole history
 * with each request would otherwise fill the memory with items that nobody can name.
 */
function ownInput(
  input: readonly JsonObject[],
  { id }: WireResponse,
  persisted: boolean,
  machine: Machine,
): () => readonly JsonObject[] {
  const { store } = machine
  const ids = idsOf(lineageOf(id), secondsOf(machine), machine.random)
  let made: JsonObject[] | undefined
  const isNamed = (item: JsonObject) => typeof item['id'] === 'string'
  const make = () => {
    if (made !== undefined) return made
    made = input.map((item) => storedItem(item, ids.item))
    rememberItems(store, made, persisted, new Set(input.filter(isNamed).map((item) => item['id'])))
    return made
  }
  // An item is known with the reasoning before it: where that gets its id only now, all of them do.
  const isLater = input.every((item) => item['type'] !== 'reasoning' || isNamed(item))
  if (isLater) {
    rememberItems(
      store,
      input.map((item) => (isNamed(item) ? namedItem(item, store) : item)),
      persisted,
    )
    if (!input.every(isNamed)) store.unnamed.push(make)
  } else rememberItems(store, input.length > 0 ? make() : [], persisted)
  return make
}

/** An item that has its id, as it is kept: made once, however often the client sends it. */
function namedItem(item: JsonObject, { named }: Machine['store']): JsonObject {
  const known = named.get(item) ?? storedItem(item, String)
  named.set(item, known)
  return known
}

/** An input item as the service gives it back (SERVICE-FACTS 8, 12): id, type and status first, text as parts. */
export function storedItem(item: JsonObject, makeId: (type: string) => string): JsonObject {
  const type = typeof item['type'] === 'string' ? item['type'] : 'message'
  const id = typeof item['id'] === 'string' ? item['id'] : makeId(type)
  const { id: _, type: __, ...rest } = item
  if (type === 'message') {
    const role = rest['role'] ?? 'user'
    const content = partsOf(rest['content'], role)
    const phase = rest['phase'] === undefined ? {} : { phase: rest['phase'] }
    return { id, type, status: rest['status'] ?? 'completed', content, ...phase, role }
  }
  return type.endsWith('_call_output') || type.endsWith('_call')
    ? { id, type, status: 'completed', ...rest }
    : { id, type, ...rest }
}

function partsOf(content: Json | undefined, role: Json): Json[] {
  const kind = role === 'assistant' ? 'output_text' : 'input_text'
  if (typeof content === 'string') return [textPart(kind, content)]
  return Array.isArray(content)
    ? content.map((part) => (isObject(part) ? part : textPart(kind, String(part))))
    : []
}

function textPart(kind: 'output_text' | 'input_text', text: string): JsonObject {
  return kind === 'output_text' ? { type: kind, annotations: [], logprobs: [], text } : { type: kind, text }
}
