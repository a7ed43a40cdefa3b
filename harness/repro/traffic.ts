import { filterEvents, type History } from '../contract/events.ts'

/** One recorded request and its response. A script serves the response again. */
export interface Exchange {
  method: string
  path: string
  /** The body of the request. Empty if it has none. */
  asked: string
  /** Absent if the connection ended before the head of the response. */
  status?: number
  headers: Record<string, string>
  /** The body of the response in the pieces in which it came. A piece that is not valid UTF-8 is base64. */
  pieces: (string | { base64: string })[]
  /** `open`: nothing more came, and neither side ended the response. */
  end: 'done' | 'lost' | 'open'
}

/** All requests and responses while a plan ran. */
export interface Traffic {
  exchanges: Exchange[]
  /**
   * The events whose order the harness decided. A number is an exchange, from 0: once for its head, once for each piece and
   * once for the end of its body. A text is a stop (`stop c0.t0`), the result of a tool (`tool c0.t0 get_weather`) or a
   * switch of the telemetry (`mode off`).
   */
  order: (number | string)[]
  /** For each run with a stop `return`, the number of updates that its consumer took before. */
  taken: Record<string, number>
}

/** The headers that can change what a client does. */
const KEPT_HEADERS = ['content-type', 'retry-after', 'retry-after-ms', 'x-should-retry', 'x-request-id']

/** An event of an exchange, and the length of the history at that time. */
interface Mark {
  at: number
  what: number
}

/** Returns a recorder of the requests and responses of a plan. */
export function createTrafficRecorder() {
  const exchanges: Exchange[] = []
  const marks: Mark[] = []
  let history: () => History = () => []
  const addMark = (what: number) => void marks.push({ at: history().length, what })

  async function recordExchange(real: typeof fetch, input: string | URL | Request, init?: RequestInit) {
    const { url, method } = new Request(input, { ...init, body: null, signal: null })
    const { pathname, search } = new URL(url)
    const body = typeof init?.body === 'string' ? init.body : ''
    const number = exchanges.length
    const exchange: Exchange = {
      method,
      path: pathname + search,
      asked: body,
      headers: {},
      pieces: [],
      end: 'open',
    }
    exchanges.push(exchange)
    let response: Response
    try {
      response = await real(input, init)
    } catch (error) {
      if (!init?.signal?.aborted) {
        exchange.end = 'lost'
        addMark(number)
      }
      throw error
    }
    exchange.status = response.status
    for (const name of KEPT_HEADERS) {
      const value = response.headers.get(name)
      if (value !== null) exchange.headers[name] = value
    }
    addMark(number)
    const recordEnd = (end: Exchange['end']) => {
      exchange.end = end
      addMark(number)
    }
    const recordPiece = (bytes: Uint8Array) => {
      if (bytes.length === 0) return
      exchange.pieces.push(decodeText(bytes) ?? { base64: Buffer.from(bytes).toString('base64') })
      addMark(number)
    }
    const { body: held, status, statusText, headers } = response
    if (held === null) {
      recordEnd('done')
      return response
    }
    return new Response(watchBody(held, recordPiece, recordEnd), { status, statusText, headers })
  }

  return {
    /** Returns a wrapper for `fetch` that records. `readHistory` returns the history so far. */
    createFetchWrapper(readHistory: () => History) {
      history = readHistory
      return (real: typeof fetch): typeof fetch =>
        (input, init) =>
          recordExchange(real, input, init)
    },
    /** Returns what was recorded so far. */
    readTraffic: (): Traffic => ({
      exchanges,
      order: buildOrder(marks, history()),
      taken: countUpdatesTaken(history()),
    }),
  }
}

function watchBody(
  body: ReadableStream<Uint8Array>,
  piece: (bytes: Uint8Array) => void,
  ended: (end: 'done' | 'lost') => void,
): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read()
          if (done) {
            ended('done')
            controller.close()
          } else {
            piece(value)
            controller.enqueue(value)
          }
        } catch (error) {
          // An abort comes from the client, so the response was not lost.
          if ((error as Error).name !== 'AbortError') ended('lost')
          controller.error(error)
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
}

/** Returns the text of these bytes, or undefined if they are not valid UTF-8. */
function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** Returns the events of the exchanges, the stops, the tool results and the switches of telemetry, in order. */
function buildOrder(marks: readonly Mark[], history: History): (number | string)[] {
  const decided = history.flatMap((event, at) => {
    if (event.kind === 'stop') return [{ at, what: `stop ${event.run}` }]
    if (event.kind === 'mode' && at > 0) return [{ at, what: `mode ${event.to}` }]
    if (event.kind === 'tool.end') return [{ at, what: `tool ${event.run} ${event.name}` }]
    return []
  })
  return [...marks, ...decided].toSorted((a, b) => a.at - b.at).map(({ what }) => what)
}

function countUpdatesTaken(history: History): Record<string, number> {
  const left = filterEvents(history, 'stop').filter(({ how }) => how === 'return')
  const updates = filterEvents(history, 'update')
  return Object.fromEntries(
    left.map(({ run }) => [run, updates.filter((update) => update.run === run).length]),
  )
}
