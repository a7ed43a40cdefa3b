import { HttpResponse, http, type RequestHandler } from 'msw'
import { type Act, type BodyWatch, bodyOf } from '../body.ts'
import { canonical, isObject, type Json } from '../json.ts'
import { type Difference, differences, distance, tell } from './difference.ts'
import { type Endpoint, endpointOf } from './endpoint.ts'
import { jsonDepth, MAX_DEPTH } from './limits.ts'
import type { RecordedRequest, RecordedResponse, Recording, RecordingFile } from './types.ts'
import { actsOf, playedHeaders } from './wire.ts'

/** A request that reached the playback. */
export interface ReceivedRequest {
  method: string
  url: string
  /** The parsed JSON body; null where there was none. */
  body: Json
}

/** A recording's place in what is played back. */
export interface PlayedRecording {
  /** The id of its file. */
  file: string
  /** Its index in that file. */
  index: number
  recording: Recording
}

/** A request that no unused recording answers. */
export interface Mismatch {
  received: ReceivedRequest
  /** The unused recording that differs from it in the fewest places; absent where all are used up. */
  nearest?: { file: string; index: number }
  /** The first place where the two differ. */
  difference?: Difference
  /** One line, safe for a terminal. */
  message: string
}

export interface PlaybackHooks {
  /** Awaited before the response head is given. */
  head?(): Promise<void> | undefined
  /** Around each act of the body: one act a stream event, one for a JSON body, then its end. */
  body?: BodyWatch
}

export interface PlaybackOptions {
  /** When all recordings equal to a request are used up, the last of them again. */
  loop?: boolean
  /** Top-level keys of the body that are not compared, such as a runtime's own model parameters. */
  ignore?: readonly string[]
  /** Compares in the place of method, path, query and body: the first difference, or undefined for a match. */
  match?(recorded: RecordedRequest, received: ReceivedRequest): Difference | undefined
  /** Called when a recording is about to be served. */
  hooks?(served: PlayedRecording, received: ReceivedRequest): PlaybackHooks | undefined
  /** What a request that matches none is answered in the place of the refusal; the hooks see it as `BEYOND`. */
  beyond?(received: ReceivedRequest): Promise<RecordedResponse>
  /** Called when a request is about to be refused. */
  mismatched?(mismatch: Mismatch): void
}

/** The file of an answer that stands in none: no id may be empty. */
export const BEYOND = ''

export interface Playback {
  handlers: RequestHandler[]
  /** What was served, in order. */
  served: readonly PlayedRecording[]
  /** What was refused, in order. */
  mismatches: readonly Mismatch[]
  /** The recordings that have not been served yet, in order. */
  unused(): PlayedRecording[]
}

/**
 * MSW handlers that serve recordings byte for byte. A request takes the first unused recording that equals it in
 * method, path below the base URL, query and canonical JSON body; a recording whose request was not kept answers any
 * request of its method and path, after those that equal. Each recording is served once. A request that matches none
 * is answered with HTTP 400, code `recording_mismatch`, and the first difference from the nearest unused recording.
 */
export function createPlayback(files: readonly RecordingFile[], options: PlaybackOptions = {}): Playback {
  const all = files.flatMap(({ id, recordings }) =>
    recordings.map((recording, index): PlayedRecording => ({ file: id, index, recording })),
  )
  const taken = new Set<PlayedRecording>()
  const served: PlayedRecording[] = []
  const mismatches: Mismatch[] = []
  const endpoint = rememberedEndpoints()
  const written = new WeakMap<Recording, Written>()
  const compare = options.match ?? requestMatcher(options.ignore ?? [])
  const unused = () => all.filter((one) => !taken.has(one))

  const equalTo = options.match
    ? (received: ReceivedRequest) =>
        all.filter(({ recording }) => compare(recording.request, received) === undefined)
    : requestIndex(all, options.ignore ?? [], endpoint)

  const choose = (received: ReceivedRequest): PlayedRecording | undefined => {
    const equal = equalTo(received)
    return equal.find((one) => !taken.has(one)) ?? (options.loop ? equal.at(-1) : undefined)
  }

  const respond = async (request: Request): Promise<Response> => {
    const received = await receivedFrom(request)
    if (typeof received === 'string') return refusal(received, 'body')
    const chosen = choose(received)
    if (chosen === undefined && options.beyond) {
      const { method, url, body } = received
      const answered = { method, url, body, headers: {}, recorded: false }
      const recording = { request: answered, response: await options.beyond(received) }
      const beyond = { file: BEYOND, index: served.length, recording }
      return serve(writtenOf(recording), request, options.hooks?.(beyond, received))
    }
    if (chosen === undefined) {
      const mismatch = mismatchOf(received, unused(), compare)
      mismatches.push(mismatch)
      options.mismatched?.(mismatch)
      return refusal(mismatch.message, mismatch.difference?.path ?? null)
    }
    taken.add(chosen)
    served.push(chosen)
    return serve(writtenOnce(chosen.recording), request, options.hooks?.(chosen, received))
  }
  const writtenOnce = (recording: Recording) => {
    const known = written.get(recording) ?? writtenOf(recording)
    written.set(recording, known)
    return known
  }

  const paths = new Set(all.map(({ recording }) => endpoint(recording.request.url).path))
  const known = ({ request }: { request: Request }) => {
    const { path } = endpoint(request.url)
    return /^\/(responses|conversations)(\/|$)/.test(path) || paths.has(path)
  }
  return { handlers: [http.all(known, ({ request }) => respond(request))], served, mismatches, unused }
}

/** A recorded response as it goes out, the same each time. */
interface Written {
  /** One act a frame, for whoever watches or gates them; null where there is no body. */
  acts: readonly Act[] | null
  /** The same bytes in one piece, for when nobody does. */
  whole: readonly Act[] | null
  init: { status: number; headers: Headers }
}

function writtenOf({ response }: Recording): Written {
  const acts = actsOf(response)
  const init = { status: response.status, headers: playedHeaders(response) }
  return { acts, whole: acts === null ? null : inOnePiece(acts), init }
}

function inOnePiece(acts: readonly Act[]): Act[] {
  const sends = acts.flatMap((act) => (typeof act === 'object' ? [act.send] : []))
  return [{ send: Buffer.concat(sends) }, ...acts.filter((act) => typeof act !== 'object')]
}

async function serve(
  { acts, whole, init }: Written,
  request: Request,
  hooks: PlaybackHooks = {},
): Promise<Response> {
  await hooks.head?.()
  const does = hooks.body === undefined ? whole : acts
  return new Response(does === null ? null : bodyOf(does, hooks.body, request.signal), init)
}

/** The request as data, or one line that says why it is none. */
async function receivedFrom(request: Request): Promise<ReceivedRequest | string> {
  const { method, url } = request
  const text = await request.text()
  if (text === '') return { method, url, body: null }
  if (jsonDepth(text) > MAX_DEPTH) return `the body is nested deeper than ${MAX_DEPTH} levels`
  try {
    return { method, url, body: JSON.parse(text) }
  } catch {
    return { method, url, body: text }
  }
}

/** Compares method, path, query and body, but for the ignored keys. The first difference, or undefined. */
export function requestMatcher(
  ignore: readonly string[],
): (recorded: RecordedRequest, received: ReceivedRequest) => Difference | undefined {
  return (recorded, received) => {
    const outside = headDifference(recorded, received)
    if (outside || !recorded.recorded) return outside
    return (
      differences(without(recorded.body, ignore), without(received.body, ignore), '$').next().value ??
      undefined
    )
  }
}

/** `endpointOf`, with the last URLs remembered: a client asks for few, and for each of them often. */
function rememberedEndpoints(): typeof endpointOf {
  const known = new Map<string, Endpoint>()
  return (url) => {
    const found = known.get(url) ?? endpointOf(url)
    if (known.size >= 1000) known.clear()
    known.set(url, found)
    return found
  }
}

/** The recordings that a request equals, found by their spelling: those recorded with their request before those without. */
function requestIndex(
  all: readonly PlayedRecording[],
  ignore: readonly string[],
  endpoint: typeof endpointOf,
): (received: ReceivedRequest) => PlayedRecording[] {
  const head = ({ method, url }: RecordedRequest | ReceivedRequest) => {
    const { path, query } = endpoint(url)
    return `${method.toUpperCase()} ${path} ${canonical(query)}`
  }
  const spell = (request: RecordedRequest | ReceivedRequest) => canonical(without(request.body, ignore))
  const bySpelling = Map.groupBy(all, ({ recording: { request } }) =>
    request.recorded ? `${head(request)}\n${spell(request)}` : head(request),
  )
  return (received) => {
    const asked = head(received)
    const whole = bySpelling.get(`${asked}\n${spell(received)}`) ?? []
    return [...whole, ...(bySpelling.get(asked) ?? [])]
  }
}

function headDifference(recorded: RecordedRequest, received: ReceivedRequest): Difference | undefined {
  const [a, b]: Endpoint[] = [endpointOf(recorded.url), endpointOf(received.url)]
  if (a === undefined || b === undefined) return undefined
  const method = recorded.method.toUpperCase()
  if (method !== received.method) return { path: 'method', recorded: method, received: received.method }
  if (a.path !== b.path) return { path: 'path', recorded: a.path, received: b.path }
  return differences(a.query, b.query, 'query').next().value ?? undefined
}

function without(body: Json, ignore: readonly string[]): Json {
  if (!isObject(body) || ignore.length === 0) return body
  return Object.fromEntries(Object.entries(body).filter(([key]) => !ignore.includes(key)))
}

function mismatchOf(
  received: ReceivedRequest,
  unused: readonly PlayedRecording[],
  compare: NonNullable<PlaybackOptions['match']>,
): Mismatch {
  const asked = `${received.method} ${endpointOf(received.url).path}`
  const nearest = [...unused].sort((a, b) => far(a, received) - far(b, received))[0]
  if (nearest === undefined) return { received, message: `${asked}: all recordings are used up` }
  const difference = compare(nearest.recording.request, received)
  const where = `${nearest.file} interaction ${nearest.index}`
  return {
    received,
    nearest: { file: nearest.file, index: nearest.index },
    ...(difference && { difference }),
    message: `${asked} equals no unused recording; nearest ${where}${difference ? `, first difference at ${tell(difference)}` : ''}`,
  }
}

/** In how many places a recording's request differs; another endpoint is further away than any other body. */
function far({ recording }: PlayedRecording, received: ReceivedRequest): number {
  if (headDifference(recording.request, received)) return Number.MAX_SAFE_INTEGER
  return recording.request.recorded ? distance(recording.request.body, received.body) : 0
}

function refusal(message: string, param: string | null): Response {
  return HttpResponse.json(
    { error: { message, type: 'invalid_request_error', param, code: 'recording_mismatch' } },
    { status: 400 },
  )
}
