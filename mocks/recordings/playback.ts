import { HttpResponse, type RequestHandler } from 'msw'
import { type BodyAct, type BodyWatch, streamActs } from '../body.ts'
import { isApiEndpoint } from '../endpoint.ts'
import { DirectHandler } from '../handler.ts'
import type { Difference } from './difference.ts'
import {
  buildMismatch,
  createEndpointCache,
  createRequestIndex,
  createRequestMatcher,
  type Mismatch,
  type PlayedRecording,
  type ReceivedRequest,
  readReceivedRequest,
  TooDeepError,
} from './matching.ts'
import type { RecordedRequest, RecordedResponse, Recording, RecordingFile } from './types.ts'
import { buildBodyActs, buildPlaybackHeaders } from './wire.ts'

export interface PlaybackHooks {
  /** Awaited before the head of the response. */
  head?(): Promise<void> | undefined
  /** Watches each act of the body: one act per stream event, one for a JSON body, then the end. */
  body?: BodyWatch
}

export interface PlaybackOptions {
  /** Serve the last equal recording again when all equal ones are used. */
  loop?: boolean
  /** Top-level keys of the body that are not compared, such as a runtime's own model parameters. */
  ignore?: readonly string[]
  /**
   * Compares two requests instead of method, path, query and body. Returns the first difference, or undefined for a
   * match.
   */
  match?(recorded: RecordedRequest, received: ReceivedRequest): Difference | undefined
  /** Called before a recording is served. */
  hooks?(served: PlayedRecording, received: ReceivedRequest): PlaybackHooks | undefined
  /**
   * Returns the answer to a request that matches no recording. Without it, such a request is refused. The hooks see the
   * file `BEYOND`.
   */
  beyond?(received: ReceivedRequest): Promise<RecordedResponse>
  /** Called before a request is refused. */
  mismatched?(mismatch: Mismatch): void
}

/** The file id of an answer that is in no recording. No file has an empty id. */
export const BEYOND = ''

export interface Playback {
  handlers: RequestHandler[]
  /** The served recordings, in order. */
  served: readonly PlayedRecording[]
  /** The refused requests, in order. */
  mismatches: readonly Mismatch[]
  /**
   * Returns the ids of the files in which no recorded request was compared: none of its recordings was served, or only
   * recordings without their requests.
   */
  unexercised(): string[]
  /** Returns the recordings that have not been served, in order. */
  unused(): PlayedRecording[]
}

/**
 * Creates MSW handlers that serve recordings byte for byte. A request gets the first unused recording with an equal
 * method, path below the base URL, query and canonical JSON body. A recording without its request answers any request
 * with its method and path, after the equal ones. Each recording is served once. A request without a match gets HTTP
 * 400 with code `recording_mismatch` and the first difference from the nearest unused recording.
 */
export function createPlayback(files: readonly RecordingFile[], options: PlaybackOptions = {}): Playback {
  const all = files.flatMap(({ id, recordings }) =>
    recordings.map((recording, index): PlayedRecording => ({ file: id, index, recording })),
  )
  const taken = new Set<PlayedRecording>()
  const served: PlayedRecording[] = []
  const mismatches: Mismatch[] = []
  const endpoint = createEndpointCache()
  const written = new WeakMap<Recording, PreparedResponse>()
  const compare = options.match ?? createRequestMatcher(options.ignore ?? [])
  const unused = () => all.filter((one) => !taken.has(one))

  const equalTo = options.match
    ? (received: ReceivedRequest) =>
        all.filter(({ recording }) => compare(recording.request, received) === undefined)
    : createRequestIndex(all, options.ignore ?? [], endpoint)

  const choose = (received: ReceivedRequest): PlayedRecording | undefined => {
    const equal = equalTo(received)
    return equal.find((one) => !taken.has(one)) ?? (options.loop ? equal.at(-1) : undefined)
  }

  const answer = async (request: Request, received: ReceivedRequest): Promise<Response> => {
    const chosen = choose(received)
    if (chosen !== undefined) {
      taken.add(chosen)
      served.push(chosen)
      return sendResponse(writtenOnce(chosen.recording), request, options.hooks?.(chosen, received))
    }
    if (options.beyond) {
      const { method, url, body } = received
      const answered = { method, url, body, headers: {}, recorded: false }
      const recording = { request: answered, response: await options.beyond(received) }
      const beyond = { file: BEYOND, index: served.length, recording }
      return sendResponse(prepareResponse(recording), request, options.hooks?.(beyond, received))
    }
    const mismatch = buildMismatch(received, unused(), compare, equalTo(received).at(-1))
    mismatches.push(mismatch)
    options.mismatched?.(mismatch)
    return buildRefusal(mismatch.message, mismatch.difference?.path ?? null)
  }
  const respond = async (request: Request): Promise<Response> => {
    try {
      return await answer(request, readReceivedRequest(request, await request.text()))
    } catch (error) {
      if (error instanceof TooDeepError) return buildRefusal(error.message, 'body')
      throw error
    }
  }
  const writtenOnce = (recording: Recording) => {
    const known = written.get(recording) ?? prepareResponse(recording)
    written.set(recording, known)
    return known
  }

  const paths = new Set(all.map(({ recording }) => endpoint(recording.request.url).path))
  const known = ({ url }: Request) => {
    const asked = endpoint(url)
    return isApiEndpoint(asked) || paths.has(asked.path)
  }
  const unexercised = () => {
    const compared = served.filter(({ recording }) => recording.request.recorded).map(({ file }) => file)
    return files.map(({ id }) => id).filter((id) => !compared.includes(id))
  }
  return { handlers: [new DirectHandler(known, respond)], served, mismatches, unexercised, unused }
}

/** A recorded response, prepared once for all uses. */
interface PreparedResponse {
  /** One act per frame, for hooks that watch or hold them. Null without a body. */
  acts: readonly BodyAct[] | null
  /** The same bytes in one piece, for responses without hooks. */
  whole: readonly BodyAct[] | null
  init: { status: number; headers: Headers }
}

function prepareResponse({ response }: Recording): PreparedResponse {
  const acts = buildBodyActs(response)
  const init = { status: response.status, headers: buildPlaybackHeaders(response) }
  return { acts, whole: acts === null ? null : joinSends(acts), init }
}

function joinSends(acts: readonly BodyAct[]): BodyAct[] {
  const sends = acts.flatMap((act) => (typeof act === 'object' ? [act.send] : []))
  return [{ send: Buffer.concat(sends) }, ...acts.filter((act) => typeof act !== 'object')]
}

async function sendResponse(
  { acts, whole, init }: PreparedResponse,
  request: Request,
  hooks: PlaybackHooks = {},
): Promise<Response> {
  await hooks.head?.()
  const does = hooks.body === undefined ? whole : acts
  return new Response(does === null ? null : streamActs(does, hooks.body, request.signal), init)
}

function buildRefusal(message: string, param: string | null): Response {
  return HttpResponse.json(
    { error: { message, type: 'invalid_request_error', param, code: 'recording_mismatch' } },
    { status: 400 },
  )
}
