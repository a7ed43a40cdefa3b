import OpenAI from 'openai'
import type { Response } from 'openai/resources/responses/responses'
import type { Ending } from './ending.ts'
import { ResponseFailedError } from './errors.ts'
import { callsIn, carryable, type Item, outputOf, userMessage, withoutBareReasoning } from './items.ts'
import type { MemoryKind, SessionState } from './session.ts'

/** What a request says of its conversation. */
export interface Remembered {
  input: Item[]
  previous_response_id?: string
  conversation?: string
}

/** One run's view of its session: what each of its requests carries, and what the session is after it. */
export interface Memory {
  /** Makes what the service must have before a request, where it is not there yet. */
  open(client: OpenAI, signal: AbortSignal): Promise<void>
  /** What the next request carries. */
  request(): Remembered
  /** The model has answered that request, whole or incomplete. */
  answered(response: Response): void
  /** What the client has to say next: the outputs of tools. */
  add(items: readonly Item[]): void
  /** The session after a run that ended well. */
  reached(): SessionState
  /** The session after a run that failed or was stopped: as before the turn, and such that the next one is accepted. */
  abandoned(ending: Ending<unknown>): SessionState
}

interface Opening {
  state: SessionState
  /** The turn's message, where it has one. */
  asked: readonly Item[]
}

/** The memory of a run. What the service is not to store, the client keeps, whatever the session would have. */
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
          // The service lets nothing follow on bare reasoning: the client carries on, from the response before it.
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
    // Whether the object may hold what the session does not know, such as calls that nobody answers.
    let unsure = false
    /** What a conversation object that is not there yet is to be given: everything. */
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
        // Whether a request and its incomplete answer join the conversation is not documented: which calls it then holds, and
        // which outputs, nobody knows.
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
        // Whether the input of a failed answer joins is not documented: one message may, but not a record sent anew.
        const harmless = wasRefused(ending) || (hasFailed(ending) && state.unsent.length === 0)
        const untouched = !begun || (!answered && harmless)
        return untouched ? { ...state, serviceSessionId: id } : anew(state.record)
      },
    }
  },
}

/** The chain holds the calls of an incomplete answer, which were never run: the service insists on an output for each. */
function outputsOfUnrun(response: Response): Item[] {
  return callsIn(response.output).map((call) => outputOf(call, 'Not run: the answer ended incomplete.'))
}

function hasOutputs(items: readonly Item[]): boolean {
  return items.some(({ type }) => type === 'function_call_output')
}

/** Whether the service said that it would not have the request. */
function wasRefused(ending: Ending<unknown>): boolean {
  return (
    ending.kind === 'failed' && ending.error instanceof OpenAI.APIError && ending.error.status !== undefined
  )
}

/** Whether the service said that its answer had failed. */
function hasFailed(ending: Ending<unknown>): boolean {
  return ending.kind === 'failed' && ending.error instanceof ResponseFailedError
}
