import OpenAI from 'openai'
import type { Response } from 'openai/resources/responses/responses'
import type { Ending } from './ending.ts'
import { ResponseFailedError } from './errors.ts'
import { callsIn, carryable, type Item, outputOf, userMessage, withoutBareReasoning } from './items.ts'
import type { MemoryKind, SessionState } from './session.ts'

/** The fields of a request that carry its conversation. */
export interface Remembered {
  input: Item[]
  previous_response_id?: string
  conversation?: string
}

/** The session during one run. Builds the input of each request, and the state of the session after the run. */
export interface Memory {
  /** Creates the conversation object at the service, if the session needs one and has none. */
  open(client: OpenAI, signal: AbortSignal): Promise<void>
  /** Returns the conversation fields of the next request. */
  request(): Remembered
  /** Records the answer to the last request, complete or incomplete. */
  answered(response: Response): void
  /** Adds items to the next request: the outputs of tools. */
  add(items: readonly Item[]): void
  /** Returns the session's state after a completed run. */
  reached(): SessionState
  /** Returns the session's state after a failed or stopped run: the state before the turn, acceptable to the service. */
  abandoned(ending: Ending<unknown>): SessionState
}

interface Opening {
  state: SessionState
  /** The user's message of this turn. Empty if the turn has none. */
  asked: readonly Item[]
}

/** Returns the memory of a run. Without `store`, the client keeps the history, whatever the kind of the session. */
export function openMemory(
  kind: MemoryKind,
  state: SessionState,
  input: string | undefined,
  store: boolean,
): Memory {
  const asked = input === undefined ? [] : [userMessage(input)]
  return KINDS[store ? kind : 'history']({ state, asked })
}

const KINDS: Record<MemoryKind, (opening: Opening) => Memory> = {
  history({ state, asked }) {
    const items = [...state.unsent, ...asked]
    return {
      open: async () => {},
      request: () => ({ input: [...items] }),
      answered: ({ output }) => {
        items.push(...withoutBareReasoning(output))
      },
      add: (more) => void items.push(...more),
      reached: () => ({ ...state, unsent: carryable(items) }),
      abandoned: () => state,
    }
  },

  'previous-response'({ state, asked }) {
    let last = state.serviceSessionId
    let unsent = [...state.unsent, ...asked]
    return {
      open: async () => {},
      request: () => ({
        input: unsent,
        ...(last === undefined ? {} : { previous_response_id: last }),
      }),
      answered(response) {
        if (response.output.at(-1)?.type === 'reasoning') {
          // The service rejects a request that continues a response with reasoning at its end. So the next request continues
          // the response before it.
          unsent = [...unsent, ...withoutBareReasoning(response.output)]
          return
        }
        last = response.id
        unsent = response.status === 'incomplete' ? outputsOfUnrun(response) : []
      },
      add: (more) => {
        unsent = [...unsent, ...more]
      },
      reached: () => ({
        ...state,
        unsent: carryable(unsent),
        ...(last === undefined ? {} : { serviceSessionId: last }),
      }),
      abandoned: () => state,
    }
  },

  'conversation-object'({ state, asked }) {
    let id = state.serviceSessionId
    let unsent = [...state.unsent, ...asked]
    const said = [...state.record, ...asked]
    let begun = false
    // Whether the conversation object may contain items that the session does not know, such as open calls.
    let unsure = false
    /** Returns a state without a conversation object. The next run creates one and sends it the whole record. */
    const anew = (record: readonly Item[]): SessionState => ({ unsent: record, record })
    return {
      async open(client, signal) {
        id ??= (await client.conversations.create({}, { signal })).id
      },
      request() {
        begun = true
        return { input: unsent, ...(id === undefined ? {} : { conversation: id }) }
      },
      answered(response) {
        // The API documentation does not say whether an incomplete answer and its request join the conversation. So the calls
        // and outputs in the conversation are unknown.
        unsure =
          response.status === 'incomplete' && (hasOutputs(unsent) || callsIn(response.output).length > 0)
        unsent = []
        said.push(...(response.output as Item[]))
      },
      add: (more) => {
        unsent = [...unsent, ...more]
        said.push(...more)
      },
      reached() {
        const record = carryable(said)
        if (unsure || id === undefined) return anew(record)
        return { unsent, record, serviceSessionId: id }
      },
      abandoned(ending) {
        if (id === undefined) return state
        const answered = said.length > state.record.length + asked.length
        // The API documentation does not say whether the input of a failed answer joins the conversation. One repeated message
        // is acceptable, a repeated record is not.
        const harmless = wasRefused(ending) || (hasFailed(ending) && state.unsent.length === 0)
        const untouched = !begun || (!answered && harmless)
        return untouched ? { ...state, serviceSessionId: id } : anew(state.record)
      },
    }
  },
}

/** Returns an output for each call of an incomplete answer. The calls never ran, but the service requires their outputs. */
function outputsOfUnrun(response: Response): Item[] {
  return callsIn(response.output).map((call) => outputOf(call, 'Not run: the answer ended incomplete.'))
}

function hasOutputs(items: readonly Item[]): boolean {
  return items.some(({ type }) => type === 'function_call_output')
}

/** Returns whether the service rejected the request. */
function wasRefused(ending: Ending<unknown>): boolean {
  return (
    ending.kind === 'failed' && ending.error instanceof OpenAI.APIError && ending.error.status !== undefined
  )
}

/** Returns whether the answer ended with `response.failed`. */
function hasFailed(ending: Ending<unknown>): boolean {
  return ending.kind === 'failed' && ending.error instanceof ResponseFailedError
}
