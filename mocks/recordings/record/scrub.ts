import type { Json } from '../../json.ts'
import type { StandIns } from '../stand-in.ts'
import type { Recording, RecordingFile } from '../types.ts'
import { editText } from './scrub/edits.ts'
import { createKnownSecrets } from './scrub/known.ts'
import { scrubStream } from './scrub/stream.ts'
import { createTextScrubber } from './scrub/text.ts'

/**
 * Replaces credentials in recordings by stand-ins. A credential is recognised by the name that it stands under and by
 * its form. Once it is known, it is replaced wherever it stands in any recording of the run: plain, percent-encoded,
 * escaped as in JSON, and in base64.
 */
export interface Scrubber {
  /** Remembers a credential of a header or parameter. A plain word is left out: it stands in other texts, too. */
  learn(value: string): void
  /** Remembers a value that somebody named as a credential. */
  insist(value: string): void
  /** Remembers the credentials in a recording, so that they are replaced in earlier recordings, too. */
  learnRecording(recording: Recording): void
  scrub(file: RecordingFile): RecordingFile
  /** Returns the credentials that no file may hold. */
  listKnown(): readonly string[]
}

export function createScrubber(standIns: StandIns): Scrubber {
  const known = createKnownSecrets(standIns)
  const texts = createTextScrubber(known, standIns)

  const scrubJson = (value: Json): Json => {
    const text = JSON.stringify(value)
    const edits = texts.findEditsOfJson(text)
    return edits.length === 0 ? value : (JSON.parse(editText(text, edits)) as Json)
  }
  const scrubValue = (value: Json): Json =>
    typeof value === 'string' ? texts.scrubText(value) : scrubJson(value)

  const scrubBody = (body: Recording['response']['body']): Recording['response']['body'] => {
    if ('json' in body) return { json: scrubValue(body.json) }
    if ('sse' in body) return { ...body, sse: scrubStream(body.sse, texts) }
    return { ...body, text: texts.scrubText(body.text) }
  }

  const scrubRecording = (recording: Recording): Recording => {
    const { request, response } = recording
    return {
      ...recording,
      request: {
        ...request,
        url: texts.scrubText(request.url),
        headers: scrubHeaders(request.headers, texts.scrubText),
        body: scrubValue(request.body),
      },
      response: {
        ...response,
        headers: scrubHeaders(response.headers, texts.scrubText),
        body: scrubBody(response.body),
      },
    }
  }

  // A conversation is written again after each exchange. Only what a new credential may change is replaced again.
  const done = new WeakMap<Recording['request'], { known: number; scrubbed: Recording }>()
  const scrubOnce = (recording: Recording): Recording => {
    const before = done.get(recording.request)
    const count = known.list().length
    if (before?.known === count) return { ...recording, ...before.scrubbed }
    const { request, response } = scrubRecording(recording)
    const scrubbed = { request, response }
    done.set(recording.request, { known: count, scrubbed })
    return { ...recording, ...scrubbed }
  }

  return {
    learn: (value) => known.learn(value),
    insist: (value) => known.insist(value),
    // Replacing by name and form teaches the credentials. The result is not needed.
    learnRecording: (recording) => known.withoutReplacing(() => scrubRecording(recording)),
    scrub: (file) => ({ ...file, recordings: file.recordings.map(scrubOnce) }),
    listKnown: () => known.list(),
  }
}

/** Headers whose values the protocol fixes. */
const FIXED =
  /^(accept|content-type|date|openai-(beta|processing-ms|version)|retry-after(-ms)?|x-should-retry|x-ratelimit-.*|x-stainless-.*)$/i

function scrubHeaders(
  headers: Record<string, string>,
  scrubText: (text: string) => string,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, FIXED.test(name) ? value : scrubText(value)]),
  )
}
