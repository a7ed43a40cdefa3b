import { isRemoved, type StandIns } from '../../stand-in.ts'
import { applyEdits, type Edit, editText } from './edits.ts'
import { findJsonEdits, type JsonTools } from './json.ts'
import { readJsonTree } from './json-tree.ts'
import type { KnownSecrets } from './known.ts'
import { findPairEdits } from './pairs.ts'
import { HINT, SHAPES } from './shapes.ts'
import { findUrlEdits } from './urls.ts'

/** Removes credentials from texts. */
export interface TextScrubber {
  scrubText(text: string): string
  /** Does the same with a text that is cut into pieces. The new pieces join to the new text. */
  scrubPieces(pieces: readonly string[]): string[]
  /** Replaces the credentials in JSON text. With `takeDelta` the pieces of streamed texts are left to the caller. */
  findEditsOfJson(json: string, takeDelta?: JsonTools['takeDelta']): Edit[]
}

/** JSON inside strings of JSON is followed this deep. Each level doubles the backslashes, so that more is not met. */
const MAX_NESTED = 12

export function createTextScrubber(known: KnownSecrets, standIns: StandIns): TextScrubber {
  const replaceHere = (value: string) => (isRemoved(value) ? value : standIns.giveAsLong(value))
  const replace = (value: string) => {
    if (!isRemoved(value)) known.learn(value)
    return replaceHere(value)
  }
  const scrubKnown = (text: string) => editText(text, known.findEdits(text))

  const buildTools = (depth: number): JsonTools => ({
    replace,
    replaceHere,
    scrubKnown,
    scrubText: (text) => scrubPieces([text], depth + 1)[0] as string,
  })

  const findJson = (text: string, depth: number): Edit[] => {
    if (depth > MAX_NESTED || !/[{["]/.test(text) || !text.includes('"')) return []
    return findJsonEdits(readJsonTree(text), buildTools(depth))
  }

  const passes: ((text: string, depth: number) => Edit[])[] = [
    (text) => known.findEdits(text),
    findJson,
    (text) => findUrlEdits(text, replace),
    (text) => findPairEdits(text, replace),
    (text) => findShapeEdits(text, replace),
  ]

  const scrubPieces = (pieces: readonly string[], depth = 0): string[] =>
    passes.reduce<string[]>(
      (held, pass) => {
        const edits = pass(held.join(''), depth)
        return edits.length === 0 ? held : applyEdits(held, edits)
      },
      [...pieces],
    )

  return {
    scrubText: (text) => scrubPieces([text])[0] as string,
    scrubPieces: (pieces) => scrubPieces(pieces),
    findEditsOfJson: (json, takeDelta) =>
      findJsonEdits(readJsonTree(json), { ...buildTools(0), ...(takeDelta && { takeDelta }) }),
  }
}

/** Returns the replacements for texts with the form of a key. */
function findShapeEdits(text: string, replace: (value: string) => string): Edit[] {
  if (!HINT.test(text)) return []
  return SHAPES.flatMap(({ pattern }) =>
    [...text.matchAll(pattern)].flatMap((match) => {
      const [from, to] = match.indices?.groups?.['secret'] ?? match.indices?.[0] ?? [0, 0]
      const value = text.slice(from, to)
      return isRemoved(value) ? [] : [{ from, to, text: replace(value) }]
    }),
  )
}
