import { type Endpoint, parseEndpoint } from '../endpoint.ts'
import { isObject, type Json, toCanonicalJson } from '../json.ts'
import { jsonDepth, MAX_DEPTH } from '../limits.ts'
import { countDifferences, type Difference, describeDifference, findFirstDifference } from './difference.ts'
import { fitsStandIn, holdsStandIn } from './stand-in.ts'
import type { RecordedRequest, Recording } from './types.ts'

/** A request that reached the playback. */
export interface ReceivedRequest {
  method: string
  url: string
  /** The body as the client sent it. */
  text: string
  /** The parsed JSON body. Null without a body; the text if it is not JSON. Throws `TooDeepError`. */
  readonly body: Json
}

/** Thrown for a body that is nested deeper than the limit. */
export class TooDeepError extends Error {
  override name = 'TooDeepError'
}

/** Returns a request as data. The body is parsed on first use. */
export function readReceivedRequest({ method, url }: Request, text: string): ReceivedRequest {
  let parsed: { body: Json } | undefined
  return {
    method,
    url,
    text,
    get body() {
      parsed ??= { body: parseBody(text) }
      return parsed.body
    },
  }
}

function parseBody(text: string): Json {
  if (text === '') return null
  if (jsonDepth(text) > MAX_DEPTH)
    throw new TooDeepError(`the body is nested deeper than ${MAX_DEPTH} levels`)
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** A recording and its place in the files that are played back. */
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
  /** The unused recording that differs from the request in the fewest places. Absent if all recordings are used. */
  nearest?: { file: string; index: number }
  /** The first place where the two differ. */
  difference?: Difference
  /** One line, safe for a terminal. */
  message: string
}

/**
 * Returns a function that compares method, path, query and body without the ignored keys. That function returns the
 * first difference, or undefined.
 */
export function createRequestMatcher(
  ignore: readonly string[],
): (recorded: RecordedRequest, received: ReceivedRequest) => Difference | undefined {
  return (recorded, received) => {
    const outside = findHeadDifference(recorded, received)
    if (outside || !recorded.recorded) return outside
    return findFirstDifference(
      omitKeys(recorded.body, ignore),
      omitKeys(received.body, ignore),
      '$',
      fitsStandIn,
    )
  }
}

/** Returns `parseEndpoint` with a cache, because a client requests few URLs many times. */
export function createEndpointCache(): typeof parseEndpoint {
  const known = new Map<string, Endpoint>()
  return (url) => {
    const found = known.get(url) ?? parseEndpoint(url)
    if (known.size >= 1000) known.clear()
    known.set(url, found)
    return found
  }
}

/**
 * Returns a function that finds the recordings that a request equals: first recordings with a request, then those
 * without one. It looks for the text of the body as it was sent, then for its canonical spelling, then for requests with
 * stand-ins that the request fits.
 */
export function createRequestIndex(
  all: readonly PlayedRecording[],
  ignore: readonly string[],
  endpoint: typeof parseEndpoint,
): (received: ReceivedRequest) => readonly PlayedRecording[] {
  const head = ({ method, url }: RecordedRequest | ReceivedRequest) => {
    const { path, query } = endpoint(url)
    return `${method.toUpperCase()} ${path} ${toCanonicalJson(query)}`
  }
  const spell = (request: RecordedRequest | ReceivedRequest) =>
    toCanonicalJson(omitKeys(request.body, ignore))
  const matches = createRequestMatcher(ignore)
  const [scrubbed, whole] = splitByStandIns(all)
  const groups = Map.groupBy(whole, ({ recording: { request } }) =>
    request.recorded ? `${head(request)}\n${spell(request)}` : head(request),
  )
  const found = (asked: string, spelling: string) => [
    ...(groups.get(`${asked}\n${spelling}`) ?? []),
    ...(groups.get(asked) ?? []),
  ]
  const byText = new Map<string, readonly PlayedRecording[]>()
  for (const { recording } of whole) {
    const { request } = recording
    const key = `${head(request)}\n${JSON.stringify(request.body)}`
    if (request.recorded) byText.set(key, found(head(request), spell(request)))
  }
  return (received) => {
    const asked = head(received)
    const equal = byText.get(`${asked}\n${received.text}`) ?? found(asked, spell(received))
    if (scrubbed.length === 0) return equal
    const fitting = scrubbed.filter(({ recording }) => matches(recording.request, received) === undefined)
    const isRecorded = ({ recording: { request } }: PlayedRecording) => request.recorded
    return [...equal.filter(isRecorded), ...fitting, ...equal.filter((one) => !isRecorded(one))]
  }
}

/** Separates the recordings whose requests hold stand-ins. They are compared one by one. */
function splitByStandIns(all: readonly PlayedRecording[]): [PlayedRecording[], PlayedRecording[]] {
  const holds = ({ recording: { request } }: PlayedRecording) =>
    request.recorded && holdsStandIn(JSON.stringify(request.body))
  return [all.filter(holds), all.filter((one) => !holds(one))]
}

function findHeadDifference(recorded: RecordedRequest, received: ReceivedRequest): Difference | undefined {
  const [a, b]: Endpoint[] = [parseEndpoint(recorded.url), parseEndpoint(received.url)]
  if (a === undefined || b === undefined) return undefined
  const method = recorded.method.toUpperCase()
  if (method !== received.method) return { path: 'method', recorded: method, received: received.method }
  if (a.path !== b.path) return { path: 'path', recorded: a.path, received: b.path }
  return findFirstDifference(a.query, b.query, 'query')
}

function omitKeys(body: Json, ignore: readonly string[]): Json {
  if (!isObject(body) || ignore.length === 0) return body
  return Object.fromEntries(Object.entries(body).filter(([key]) => !ignore.includes(key)))
}

/**
 * Returns why a request is refused: it equals a recording that was `served` already, or it differs from the nearest
 * unused one.
 */
export function buildMismatch(
  received: ReceivedRequest,
  unused: readonly PlayedRecording[],
  compare: ReturnType<typeof createRequestMatcher>,
  served?: PlayedRecording,
): Mismatch {
  const asked = `${received.method} ${parseEndpoint(received.url).path}`
  if (served !== undefined) {
    const { file, index } = served
    return {
      received,
      message: `${asked} equals ${file} interaction ${index}, which has been served already`,
    }
  }
  const nearest = [...unused].sort((a, b) => measureDistance(a, received) - measureDistance(b, received))[0]
  if (nearest === undefined) return { received, message: `${asked}: all recordings are used up` }
  const difference = compare(nearest.recording.request, received)
  const where = `${nearest.file} interaction ${nearest.index}`
  return {
    received,
    nearest: { file: nearest.file, index: nearest.index },
    ...(difference && { difference }),
    message: `${asked} equals no unused recording; nearest ${where}${difference ? `, first difference at ${describeDifference(difference)}` : ''}`,
  }
}

/** Returns the number of places where a recording's request differs. A different endpoint counts more than any body. */
function measureDistance({ recording }: PlayedRecording, received: ReceivedRequest): number {
  if (findHeadDifference(recording.request, received)) return Number.MAX_SAFE_INTEGER
  return recording.request.recorded ? countDifferences(recording.request.body, received.body, fitsStandIn) : 0
}
