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

function refusal(message: string, param: string | null): Response {
  return HttpResponse.json(
    { error: { message, type: 'invalid_request_error', param, code: 'recording_mismatch' } },
    { status: 400 },
  )
}
