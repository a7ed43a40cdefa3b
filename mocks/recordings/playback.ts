import { HttpResponse, type RequestHandler } from 'msw'
import { type Act, type BodyWatch, bodyOf } from '../body.ts'
import { isOfApi } from '../endpoint.ts'
import { DirectHandler } from '../handler.ts'
import type { Difference } from './difference.ts'
import {
  type Mismatch,
  mismatchOf,
  type PlayedRecording,
  type ReceivedRequest,
  receivedOf,
  rememberedEndpoints,
  requestIndex,
  requestMatcher,
  TooDeepError,
} from './matching.ts'
import type { RecordedRequest, RecordedResponse, Recording, RecordingFile } from './types.ts'
import { actsOf, playedHeaders } from './wire.ts'

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

  const answer = async (request: Request, received: ReceivedRequest): Promise<Response> => {
    const chosen = choose(received)
    if (chosen !== undefined) {
      taken.add(chosen)
      served.push(chosen)
      return serve(writtenOnce(chosen.recording), request, options.hooks?.(chosen, received))
    }
    if (options.beyond) {
      const { method, url, body } = received
      const answered = { method, url, body, headers: {}, recorded: false }
      const recording = { request: answered, response: await options.beyond(received) }
      const beyond = { file: BEYOND, index: served.length, recording }
      return serve(writtenOf(recording), request, options.hooks?.(beyond, received))
    }
    const mismatch = mismatchOf(received, unused(), compare, equalTo(received).at(-1))
    mismatches.push(mismatch)
    options.mismatched?.(mismatch)
    return refusal(mismatch.message, mismatch.difference?.path ?? null)
  }
  const respond = async (request: Request): Promise<Response> => {
    try {
      return await answer(request, receivedOf(request, await request.text()))
    } catch (error) {
      if (error instanceof TooDeepError) return refusal(error.message, 'body')
      throw error
    }
  }
  const writtenOnce = (recording: Recording) => {
    const known = written.get(recording) ?? writtenOf(recording)
    written.set(recording, known)
    return known
  }

  const paths = new Set(all.map(({ recording }) => endpoint(recording.request.url).path))
  const known = ({ url }: Request) => {
    const asked = endpoint(url)
    return isOfApi(asked) || paths.has(asked.path)
  }
  return { handlers: [new DirectHandler(known, respond)], served, mismatches, unused }
}

/** A recorded response, prepared once for all uses. */
interface Written {
  /** One act per frame, for hooks that watch or hold them. Null without a body. */
  acts: readonly Act[] | null
  /** The same bytes in one piece, for responses without hooks. */
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

function refusal(message: string, param: string | null): Response {
  return HttpResponse.json(
    { error: { message, type: 'invalid_request_error', param, code: 'recording_mismatch' } },
    { status: 400 },
  )
}
