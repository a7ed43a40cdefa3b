import { parseJsonOrUndefined } from '../../limits.ts'
import { parseSse } from '../../sse.ts'
import type { Recording } from '../types.ts'

/**
 * Returns in which form a written file holds a secret, or undefined. It knows nothing of how the recorder works: it
 * undoes the encodings of the whole text, one after the other, and looks for the secret after each step.
 */
export function findLeak(text: string, recordings: readonly Recording[], secret: string): string | undefined {
  const texts = [text, ...recordings.flatMap(listDeltaTexts)]
  for (const held of texts) {
    const forms: [string, string][] = [['plain', held]]
    for (let depth = 1; depth <= 7; depth++)
      forms.push([`JSON-escaped ${depth} times`, unescapeJson(forms.at(-1)?.[1] ?? '')])
    for (const [form, said] of [...forms])
      for (const [name, undo] of DECODINGS) forms.push([`${name} in ${form}`, undo(said)])
    const found = forms.find(([, said]) => said.includes(secret))
    if (found) return found[0]
    const bytes = Buffer.from(secret)
    for (const [run] of held.matchAll(/[A-Za-z0-9+/_-]{8,}/g))
      for (let shift = 0; shift < 4; shift++)
        if (Buffer.from(run.slice(shift), 'base64').includes(bytes)) return 'base64'
  }
  return undefined
}

const DECODINGS: [string, (text: string) => string][] = [
  ['percent-encoded', decodePercent],
  ['form-encoded', (text) => decodePercent(text.replaceAll('+', ' '))],
  ['percent-encoded twice', (text) => decodePercent(decodePercent(text))],
]

function decodePercent(text: string): string {
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) =>
    Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'),
  )
}

function unescapeJson(text: string): string {
  return text.replace(
    /\\(?:u([0-9a-fA-F]{4})|(.))/g,
    (_, unit: string | undefined, letter: string | undefined) =>
      unit === undefined
        ? ({ n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }[letter ?? ''] ?? letter ?? '')
        : String.fromCharCode(Number.parseInt(unit, 16)),
  )
}

/** Returns the texts that the deltas of a stream, and the tokens beside them, add up to. */
function listDeltaTexts({ response: { body } }: Recording): string[] {
  if (!('sse' in body)) return []
  const events = parseSse(body.sse).map(({ data }) => parseJsonOrUndefined(data))
  return ['delta', 'token'].map((key) => events.flatMap((event) => listStringsBelow(event, key)).join(''))
}

/** Returns the strings at or below a key, in order. */
function listStringsBelow(value: unknown, key: string, below = false): string[] {
  if (typeof value === 'string') return below ? [value] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, held]) => listStringsBelow(held, key, below || name === key))
}
