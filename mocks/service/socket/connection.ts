import { isObject, type Json, type JsonObject } from '../../json.ts'
import { parseJsonOrUndefined } from '../../limits.ts'
import { readInputItems } from '../../request.ts'
import { TextRequest } from '../../text-request.ts'
import { createRandom } from '../random.ts'
import type { StoredResponse } from '../store.ts'
import {
  isLaneName,
  LONGEST_AGE,
  MOST_LANES,
  MOST_RUNNING,
  type SocketError,
  socketErrors,
  writeSocketError,
} from './errors.ts'
import { addFields, readCreatedId, readEnding, readMessages, renumber } from './frames.ts'
import type { Lane, RunningResponse } from './lane.ts'
import type { SocketMemory } from './memory.ts'
import {
  buildSteerAccepted,
  buildSteerFailed,
  buildSteerPending,
  canBeSteered,
  listRequiredInput,
  readSteerInput,
  type SteerError,
} from './steering.ts'

/** The client at the other end of a connection. */
export interface Peer {
  send(text: string): void
  /** Closes the connection with a code, as a server does that goes away. */
  close(code: number, reason: string): void
  /** Breaks the connection without a word. */
  terminate(): void
}

export interface SocketSetup {
  /** Answers a request as over HTTP. */
  handle(request: Request, memory: SocketMemory): Promise<Response>
  /** The URL and the headers with which the connection was opened. */
  url: string
  headers: Headers
  peer: Peer
  /** The clock, in ms. */
  now(): number
  /**
   * `many`: lanes run at once. `one`: the older rule, by which one response at a time is made on a connection
   * (SERVICE-FACTS 13).
   */
  lanes: 'many' | 'one'
}

/**
 * A WebSocket connection to the Responses API. Each `response.create` is answered by the service as a streamed request over
 * HTTP, and each event becomes one message (SERVICE-FACTS 13 and 14).
 */
export class SocketConnection {
  readonly #setup: SocketSetup
  readonly #opened: number
  readonly #lanes = new Map<string | undefined, Lane>()
  readonly #closed = new AbortController()
  #running = 0
  #steered = 0

  constructor(setup: SocketSetup) {
    this.#setup = setup
    this.#opened = setup.now()
  }

  /** Takes a message of the client. `text` is undefined for a binary message. */
  receive(text: string | undefined): void {
    if (this.#closed.signal.aborted) return
    const { now, peer } = this.#setup
    if (now() - this.#opened >= LONGEST_AGE) {
      this.#tell(socketErrors.tooOld)
      this.#closed.abort()
      peer.close(1000, 'connection limit reached')
      return
    }
    const message = text === undefined ? undefined : parseJsonOrUndefined(text)
    if (isObject(message) && message['type'] === 'response.steer') {
      this.#steer(message)
      return
    }
    const admitted = this.#admit(message)
    if ('error' in admitted) this.#tell(admitted)
    else this.#startWaiting()
  }

  /** Puts a message into its lane, or returns why it cannot be answered. */
  #admit(message: unknown): Lane | SocketError {
    if (!isObject(message)) return socketErrors.notAnEvent
    if (message['type'] !== 'response.create') return socketErrors.unknownEvent
    const found = this.#findLane(message['stream_id'])
    if ('error' in found) return found
    if (message['background'] === true) return { ...socketErrors.background, ...withLane(found.name) }
    found.waiting.push(message)
    return found
  }

  /** Stops everything that is being made, because the client has gone. */
  close(): void {
    this.#closed.abort()
    for (const { waiting } of this.#lanes.values()) waiting.length = 0
  }

  #tell(error: SocketError): void {
    if (!this.#closed.signal.aborted) this.#setup.peer.send(writeSocketError(error))
  }

  /** Returns the lane with this name. A lane exists from its first request on. */
  #findLane(name: unknown): Lane | SocketError {
    if (name !== undefined && !isLaneName(name)) return socketErrors.invalidStreamId
    const known = this.#lanes.get(name)
    if (known !== undefined) return known
    const named = [...this.#lanes.keys()].filter((key) => key !== undefined).length
    if (name !== undefined && named >= MOST_LANES) return socketErrors.tooManyLanes
    const lane: Lane = { name, waiting: [] }
    this.#lanes.set(name, lane)
    return lane
  }

  #startWaiting(): void {
    const most = this.#setup.lanes === 'one' ? 1 : MOST_RUNNING
    for (const lane of this.#lanes.values()) {
      if (this.#running >= most) return
      const message = lane.running === undefined ? lane.waiting.shift() : undefined
      if (message === undefined) continue
      const { type: _, stream_id: __, generate, ...body } = message
      const running: RunningResponse = { body: takePending(body, lane), steers: [], next: 0 }
      lane.running = running
      this.#running++
      // Only a script or a watch of ours can throw. Over HTTP, too, the client then loses its connection.
      void this.#answer(running, lane, generate === false)
        .catch(() => this.#setup.peer.terminate())
        .finally(() => {
          delete lane.running
          this.#running--
          this.#startWaiting()
        })
    }
  }

  async #answer(running: RunningResponse, lane: Lane, isWarmUp: boolean): Promise<void> {
    const { handle, url, headers, peer } = this.#setup
    const body = { ...running.body, stream: true }
    const request = new TextRequest(url, {
      method: 'POST',
      headers: { ...Object.fromEntries(headers), 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: this.#closed.signal,
    })
    const response = await handle(request, {
      find: (id) => this.#findLatest(id),
      keep: (stored) => {
        lane.latest = stored
      },
      isSteered: () => running.steers.length > 0,
      isWarmUp,
    })
    if (this.#closed.signal.aborted) return
    if (response.type === 'error') return peer.terminate()
    if (response.status >= 400) return this.#refuse(await response.json(), response, body, lane)
    if (response.body !== null) await this.#send(response.body, running, lane)
    if (running.steers.length > 0 && !this.#closed.signal.aborted) this.#continueSteered(running, lane)
  }

  /** Takes input for a response that is being made (SERVICE-FACTS 14). */
  #steer({ previous_response_id: id = null, input: given = null }: JsonObject): void {
    const lane = [...this.#lanes.values()].find(({ running }) => running?.id === id && !running?.isOver)
    const input = readSteerInput(given)
    const error = this.#findSteerError(id, lane?.running, input)
    if (error !== undefined) this.#tellOf(lane, buildSteerFailed(error, id, given))
    if (error !== undefined || lane?.running === undefined || input === undefined) return
    const steer = { id: `steer_${createRandom(`steer ${this.#steered++}`).hex(32)}`, input }
    lane.running.steers.push(steer)
    this.#tellOf(lane, buildSteerAccepted(steer, String(id)))
  }

  #findSteerError(id: Json, running: RunningResponse | undefined, input: unknown): SteerError | undefined {
    if (running === undefined)
      return this.#findLatest(String(id)) === undefined ? 'response_not_found' : 'response_already_completed'
    if (input === undefined) return 'invalid_input'
    return canBeSteered(running.body) ? undefined : 'steering_not_supported'
  }

  /** Starts the successor of a response with the input that came meanwhile, or tells what is missing before it. */
  #continueSteered({ id = '', steers, body }: RunningResponse, lane: Lane): void {
    const { latest } = lane
    if (latest?.response.id !== id) {
      for (const { id: steer, input } of steers)
        this.#tellOf(lane, buildSteerFailed('successor_creation_failed', id, input, steer))
      return
    }
    const required = listRequiredInput(latest.response.output as unknown as JsonObject[])
    if (required.length > 0) {
      lane.pending = { responseId: id, steers }
      for (const steer of steers) this.#tellOf(lane, buildSteerPending(steer, id, required))
      return
    }
    const input = steers.flatMap((steer) => steer.input)
    lane.waiting.unshift({ ...body, previous_response_id: id, input })
  }

  /** Tells an event that is numbered with the running response of a lane. */
  #tellOf(lane: Lane | undefined, event: JsonObject): void {
    const number = lane?.running === undefined ? 0 : lane.running.next++
    const { type = '', ...rest } = event
    const fields = { ...rest, sequence_number: number, ...nameLane(lane) }
    this.#setup.peer.send(addFields(JSON.stringify({ type }), fields))
  }

  /** Tells a refusal. It also drops the response that the request wanted to continue, if that is of the same lane. */
  #refuse(told: unknown, { status, headers }: Response, body: JsonObject, lane: Lane): void {
    const error = isObject(told) && isObject(told['error']) ? told['error'] : {}
    const after = headers.get('retry-after')
    const more = after === null ? {} : { headers: { 'retry-after': after } }
    if (lane.latest?.response.id === body['previous_response_id']) delete lane.latest
    this.#tell({ status, error: { ...error, ...more }, ...withLane(lane.name) })
  }

  async #send(body: ReadableStream<Uint8Array>, running: RunningResponse, lane: Lane): Promise<void> {
    const { peer } = this.#setup
    const messages = readMessages(body)
    let ending: string | undefined
    while (true) {
      const { value, done } = await messages.next()
      if (this.#closed.signal.aborted) return
      if (!done) {
        // An event that ends the response is its last message, also an error event, which over HTTP may have one after it.
        if (ending !== undefined) continue
        ending = readEnding(value)
        running.isOver = ending !== undefined
        const id = readCreatedId(value)
        if (id !== undefined) running.id = id
        const number = running.next++
        // Events that tell of steering have numbers of their own, so the later ones move on.
        const numbered = running.steers.length > 0 ? renumber(value, number) : value
        peer.send(addFields(numbered, nameLane(lane)))
      } else if (value === 'lost') return peer.terminate()
      else {
        if (ending === undefined) peer.close(1011, 'the response was cut')
        return
      }
    }
  }

  #findLatest(id: string): StoredResponse | undefined {
    return [...this.#lanes.values()].find(({ latest }) => latest?.response.id === id)?.latest
  }
}

function withLane(name: string | undefined): { lane?: string } {
  return name === undefined ? {} : { lane: name }
}

function nameLane(lane: Lane | undefined): JsonObject {
  return lane?.name === undefined ? {} : { stream_id: lane.name }
}

/** Returns the body of a request with the input that waited for it before its own. */
function takePending(body: JsonObject, lane: Lane): JsonObject {
  const { pending } = lane
  if (pending === undefined || pending.responseId !== body['previous_response_id']) return body
  delete lane.pending
  const input = [...pending.steers.flatMap((steer) => steer.input), ...readInputItems(body['input'])]
  return { ...body, input }
}
