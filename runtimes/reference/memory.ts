import OpenAI from 'openai'
import type { Response } from 'openai/resources/responses/responses'
import type { Ending } from './ending.ts'
import { ResponseFailedError } from './errors.ts'
import {
  buildToolOutput,
  buildUserMessage,
  type Item,
  listCalls,
  listCarryableItems,
  removeTrailingReasoning,
} from './items.ts'
import type { MemoryKind, SessionState } from './session.ts'

/** The fields of a request that carry its conversation. */
export interface ConversationFields {
  input: Item[]
  previous_response_id?: string
  conversation?: string
}

/** The session during one run. Builds the input of each request, and the state of the session after the run. */
export interface Memory {
  /** Creates the conversation object at the service, if the session needs one and has none. */
  open(client: OpenAI, signal: AbortSignal): Promise<void>
  /** Returns the conversation fields of the next request. */
  buildFields(): ConversationFields
  /** Records the answer to the last request, complete or incomplete. */
  addAnswer(response: Response): void
  /** Adds items to the next request: the outputs of tools. */
  addItems(items: readonly Item[]): void
  /** Returns the session's state after a completed run. */
  buildCompletedState(): SessionState
  /** Returns the session's state after a failed or stopped run: the state before the turn, acceptable to the service. */
  buildAbandonedState(ending: Ending<unknown>): SessionState
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
  const asked = input === undefined ? [] : [buildUserMessage(input)]
  return KINDS[store ? kind : 'history']({ state, asked })
}

const KINDS: Record<MemoryKind, (opening: Opening) => Memory> = {
  history({ state, asked }) {
    const items = [...state.unsent, ...asked]
    return {
      open: async () => {},
      buildFields: () => ({ input: [...items] }),
      addAnswer: ({ output }) => {
        items.push(...removeTrailingReasoning(output))
      },
      addItems: (more) => void items.push(...more),
      buildCompletedState: () => ({ ...state, unsent: listCarryableItems(items) }),
      buildAbandonedState: () => state,
    }
  },

  'previous-response'({ state, asked }) {
    let last = state.serviceSessionId
    let unsent = [...state.unsent, ...asked]
    return {
      open: async () => {},
      buildFields: () => ({
        input: unsent,
        ...(last === undefined ? {} : { previous_response_id: last }),
      }),
      addAnswer(response) {
        if (response.output.at(-1)?.type === 'reasoning') {
          // The service rejects a request that continues a response with reasoning at its end. So the next request continues
          // the response before it.
          unsent = [...unsent, ...removeTrailingReasoning(response.output)]
          return
        }
        last = response.id
        unsent = response.status === 'incomplete' ? buildUnrunOutputs(response) : []
      },
      addItems: (more) => {
        unsent = [...unsent, ...more]
      },
      buildCompletedState: () => ({
        ...state,
        unsent: listCarryableItems(unsent),
        ...(last === undefined ? {} : { serviceSessionId: last }),
      }),
      buildAbandonedState: () => state,
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
    const buildNewState = (record: readonly Item[]): SessionState => ({ unsent: record, record })
    return {
      async open(client, signal) {
        id ??= (await client.conversations.create({}, { signal })).id
      },
      buildFields() {
        begun = true
        return { input: unsent, ...(id === undefined ? {} : { conversation: id }) }
      },
      addAnswer(response) {
        // The API documentation does not say whether an incomplete answer and its request join the conversation. So the calls
        // and outputs in the conversation are unknown.
        unsure =
          response.status === 'incomplete' && (hasOutputs(unsent) || listCalls(response.output).length > 0)
        unsent = []
        said.push(...(response.output as Item[]))
      },
      addItems: (more) => {
        unsent = [...unsent, ...more]
        said.push(...more)
      },
      buildCompletedState() {
        const record = listCarryableItems(said)
        if (unsure || id === undefined) return buildNewState(record)
        return { unsent, record, serviceSessionId: id }
      },
      buildAbandonedState(ending) {
        if (id === undefined) return state
        const answered = said.length > state.record.length + asked.length
        // The API documentation does not say whether the input of a failed answer joins the conversation. One repeated message
        // is acceptable, a repeated record is not.
        const harmless = wasRejected(ending) || (hasFailed(ending) && state.unsent.length === 0)
        const untouched = !begun || (!answered && harmless)
        return untouched ? { ...state, serviceSessionId: id } : buildNewState(state.record)
      },
    }
  },
}

/** Returns an output for each call of an incomplete answer. The calls never ran, but the service requires their outputs. */
function buildUnrunOutputs(response: Response): Item[] {
  return listCalls(response.output).map((call) =>
    buildToolOutput(call, 'Not run: the answer ended incomplete.'),
  )
}

function hasOutputs(items: readonly Item[]): boolean {
  return items.some(({ type }) => type === 'function_call_output')
}

/** Returns whether the service rejected the request. */
function wasRejected(ending: Ending<unknown>): boolean {
  return (
    ending.kind === 'failed' && ending.error instanceof OpenAI.APIError && ending.error.status !== undefined
  )
}

/** Returns whether the answer ended with `response.failed`. */
function hasFailed(ending: Ending<unknown>): boolean {
  return ending.kind === 'failed' && ending.error instanceof ResponseFailedError
}
