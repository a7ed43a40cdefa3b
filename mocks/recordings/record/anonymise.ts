import { randomBytes } from 'node:crypto'
import { parseEndpoint } from '../../endpoint.ts'
import { isObject, type Json } from '../../json.ts'
import type { Recording, RecordingFile } from '../types.ts'
import { createBodies } from './anonymise/body.ts'
import { replaceDeltas } from './anonymise/deltas.ts'
import { createTexts } from './anonymise/text.ts'
import { LITERALS } from './anonymise/vocabulary.ts'
import { mapStream } from './stream-text.ts'

/**
 * Creates a function that replaces every free text, name and id in recording files. Lengths, structure and links stay
 * the same: a word becomes the same pseudo-word in every file, ids keep their prefix, length and lineage, arguments
 * stay JSON, and deltas still add up to their texts. Kept are the words of the protocol, numbers outside tool data,
 * times, public model names, and the file's `id` and `madeWith`.
 *
 * The pseudo-word depends on `key` alone. Without a key it is random, so that nobody can find the word by trying.
 * Patterns in schemas become a pattern that accepts everything; only their length changes.
 */
export function createAnonymiser(
  key: string = randomBytes(32).toString('hex'),
): (file: RecordingFile) => RecordingFile {
  const texts = createTexts(key)
  const { protocol } = createBodies(texts)

  const stream = (wire: string) => {
    const deltas = replaceDeltas(wire, texts)
    return mapStream(wire, {
      mapText: (held) => (LITERALS.has(held) ? held : texts.replaceText(held)),
      mapJson: (data, index) => {
        const delta = deltas.get(index)
        const replaced = protocol(data)
        return delta === undefined || !isObject(replaced) ? replaced : { ...replaced, delta }
      },
    })
  }

  const body = (held: Recording['response']['body']): Recording['response']['body'] => {
    if ('json' in held) return { json: protocol(held.json) }
    if ('text' in held) return { ...held, text: texts.replaceText(held.text) }
    const { text, exact } = stream(held.sse)
    return { ...held, sse: text, exact: held.exact && exact }
  }

  const headers = (held: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(held).map(([name, value]) => [
        name,
        PROTOCOL_HEADER.test(name) || isPublicUserAgent(name, value) ? value : texts.replaceText(value),
      ]),
    )

  return (file) => ({
    ...file,
    recordings: file.recordings.map(({ request, response, ...rest }) => ({
      ...rest,
      request: {
        ...request,
        url: anonymiseUrl(request.url, texts.replaceText),
        headers: headers(request.headers),
        body: request.body === null ? null : (protocol(request.body) as Json),
      },
      response: { ...response, headers: headers(response.headers), body: body(response.body) },
    })),
  })
}

const PROTOCOL_HEADER =
  /^(accept|content-type|date|openai-beta|openai-processing-ms|openai-version|retry-after|retry-after-ms|www-authenticate|x-should-retry|x-ratelimit-[a-z-]+|x-stainless-[a-z-]+)$/

/** Returns whether a user agent is that of a public client or language. */
function isPublicUserAgent(name: string, value: string): boolean {
  return (
    name === 'user-agent' &&
    /^(Async)?OpenAI\/(JS|Python|Ruby|Go|Java) [\w.-]+$|^(node|undici|Agents\/[\w ]+)([/ ][\w.-]+)?$|^ai(-sdk)?\/[\w./ -]*$/.test(
      value,
    )
  )
}

/** Returns the URL under a host that names nobody. Ids and unknown parameters are replaced. */
function anonymiseUrl(held: string, text: (held: string) => string): string {
  const { path, query } = parseEndpoint(held)
  const kept = path.split('/').map((part) => (PATHS.test(part) ? part : text(part)))
  const params = Object.entries(query).map(([name, value]): [string, string] => [
    QUERY.test(name) ? name : text(name),
    QUERY.test(name) && (/^\d+$/.test(value) || LITERALS.has(value) || /^(true|false)$/.test(value))
      ? value
      : text(value),
  ])
  const search = new URLSearchParams(params).toString()
  return `https://anonymous.invalid/v1${kept.join('/').replace(/^\/v1(?=\/|$)/, '')}${search && `?${search}`}`
}

const PATHS = /^(|v1|responses|conversations|items|cancel|compact|input_items|input_tokens|models|files)$/
const QUERY = /^(after|before|include|include\[\]|include_obfuscation|limit|order|starting_after|stream)$/
