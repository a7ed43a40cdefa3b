import { isObject, type JsonObject } from '../../json.ts'
import { parseJsonOrUndefined } from '../../limits.ts'
import { TextRequest } from '../../text-request.ts'
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
import { nameLane, readEnding, readFrames } from './frames.ts'
import type { SocketMemory } from './memory.ts'

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

/** Requests of one `stream_id`, or of none. They are answered one after the other. */
interface Lane {
  name: string | undefined
  waiting: JsonObject[]
  isRunning: boolean
  /** Its latest response, which a request can continue although nothing is stored. */
  latest?: StoredResponse
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
    const admitted = this.#admit(text === undefined ? undefined : parseJsonOrUndefined(text))
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
    const lane = { name, waiting: [], isRunning: false }
    this.#lanes.set(name, lane)
    return lane
  }

  #startWaiting(): void {
    const most = this.#setup.lanes === 'one' ? 1 : MOST_RUNNING
    for (const lane of this.#lanes.values()) {
      if (this.#running >= most) return
      const message = lane.isRunning ? undefined : lane.waiting.shift()
      if (message === undefined) continue
      lane.isRunning = true
      this.#running++
      // Only a script or a watch of ours can throw. Over HTTP, too, the client then loses its connection.
      void this.#answer(message, lane)
        .catch(() => this.#setup.peer.terminate())
        .finally(() => {
          lane.isRunning = false
          this.#running--
          this.#startWaiting()
        })
    }
  }

  async #answer(message: JsonObject, lane: Lane): Promise<void> {
    const { handle, url, headers, peer } = this.#setup
    const { type: _, stream_id: __, generate, ...held } = message
    const body = { ...held, stream: true }
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
      isWarmUp: generate === false,
    })
    if (this.#closed.signal.aborted) return
    if (response.type === 'error') return peer.terminate()
    if (response.status >= 400) return this.#refuse(await response.json(), response, body, lane)
    if (response.body !== null) await this.#send(response.body, lane)
  }

  /** Tells a refusal. It also drops the response that the request wanted to continue, if that is of the same lane. */
  #refuse(told: unknown, { status, headers }: Response, body: JsonObject, lane: Lane): void {
    const error = isObject(told) && isObject(told['error']) ? told['error'] : {}
    const after = headers.get('retry-after')
    const more = after === null ? {} : { headers: { 'retry-after': after } }
    if (lane.latest?.response.id === body['previous_response_id']) delete lane.latest
    this.#tell({ status, error: { ...error, ...more }, ...withLane(lane.name) })
  }

  async #send(body: ReadableStream<Uint8Array>, lane: Lane): Promise<void> {
    const { peer } = this.#setup
    const frames = readFrames(body)
    let ending: string | undefined
    while (true) {
      const { value, done } = await frames.next()
      if (this.#closed.signal.aborted) return
      if (!done) {
        // An event that ends the response is its last message, also an error event, which over HTTP may have one after it.
        if (ending !== undefined || value === '[DONE]') continue
        ending = readEnding(value)
        peer.send(nameLane(value, lane.name))
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
