import { filterEvents, type History } from '../contract/events.ts'

/** One exchange as it was on the wire, to be served again. */
export interface Exchange {
  method: string
  path: string
  /** The body that was sent; empty where there was none. */
  asked: string
  /** Absent where the connection ended before any head. */
  status?: number
  headers: Record<string, string>
  /** The body in the pieces in which it came, as text where a piece is whole text. */
  pieces: (string | { base64: string })[]
  /** `open`: nothing more came, and nobody ended it. */
  end: 'done' | 'lost' | 'open'
}

/** All that went over the wire while a plan ran. */
export interface Traffic {
  exchanges: Exchange[]
  /**
   * What happened next, as far as the harness decided it: an exchange's number (from 0) for its head and for each piece and
   * the end of its body, or the name of a stop (`stop c0.t0`), of a tool's result
   * (`tool c0.t0 get_weather`) or of a switch of the telemetry (`mode off`).
   */
  order: (number | string)[]
  /** How many updates a run's consumer had taken when it left by `return`. */
  taken: Record<string, number>
}

/** Headers that a client may act on. */
const TOLD = ['content-type', 'retry-after', 'retry-after-ms', 'x-should-retry', 'x-request-id']

/** A place in the traffic, and how much of the history there was by then. */
interface Mark {
  at: number
  what: number
}

/** Watches what goes over a fetch function while a history is made. */
export function watchTraffic() {
  const exchanges: Exchange[] = []
  const marks: Mark[] = []
  let history: () => History = () => []
  const mark = (what: number) => void marks.push({ at: history().length, what })

  async function exchange(real: typeof fetch, input: string | URL | Request, init?: RequestInit) {
    const { url, method } = new Request(input, { ...init, body: null, signal: null })
    const { pathname, search } = new URL(url)
    const body = typeof init?.body === 'string' ? init.body : ''
    const number = exchanges.length
    const told: Exchange = {
      method,
      path: pathname + search,
      asked: body,
      headers: {},
      pieces: [],
      end: 'open',
    }
    exchanges.push(told)
    let response: Response
    try {
      response = await real(input, init)
    } catch (error) {
      if (!init?.signal?.aborted) {
        told.end = 'lost'
        mark(number)
      }
      throw error
    }
    told.status = response.status
    for (const name of TOLD) {
      const value = response.headers.get(name)
      if (value !== null) told.headers[name] = value
    }
    mark(number)
    const ended = (end: Exchange['end']) => {
      told.end = end
      mark(number)
    }
    const piece = (bytes: Uint8Array) => {
      if (bytes.length === 0) return
      told.pieces.push(textOf(bytes) ?? { base64: Buffer.from(bytes).toString('base64') })
      mark(number)
    }
    const { body: held, status, statusText, headers } = response
    if (held === null) {
      ended('done')
      return response
    }
    return new Response(tapped(held, piece, ended), { status, statusText, headers })
  }

  return {
    /** The function with everything that goes over it told. */
    tap(soFar: () => History) {
      history = soFar
      return (real: typeof fetch): typeof fetch =>
        (input, init) =>
          exchange(real, input, init)
    },
    traffic: (): Traffic => ({ exchanges, order: merged(marks, history()), taken: takenIn(history()) }),
  }
}

function tapped(
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
          // An abort is the client's own doing.
          if ((error as Error).name !== 'AbortError') ended('lost')
          controller.error(error)
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
}

/** The text of these bytes; undefined where a character of it is cut. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** The traffic's places and what else the harness decided, in the order of the history. */
function merged(marks: readonly Mark[], history: History): (number | string)[] {
  const decided = history.flatMap((event, at) => {
    if (event.kind === 'stop') return [{ at, what: `stop ${event.run}` }]
    if (event.kind === 'mode' && at > 0) return [{ at, what: `mode ${event.to}` }]
    if (event.kind === 'tool.end') return [{ at, what: `tool ${event.run} ${event.name}` }]
    return []
  })
  return [...marks, ...decided].toSorted((a, b) => a.at - b.at).map(({ what }) => what)
}

function takenIn(history: History): Record<string, number> {
  const left = filterEvents(history, 'stop').filter(({ how }) => how === 'return')
  const updates = filterEvents(history, 'update')
  return Object.fromEntries(
    left.map(({ run }) => [run, updates.filter((update) => update.run === run).length]),
  )
}
