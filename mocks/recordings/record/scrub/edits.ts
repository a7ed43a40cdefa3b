/** A replacement in a text: the characters from `from` up to `to` become `text`. */
export interface Edit {
  from: number
  to: number
  text: string
}

/**
 * Applies edits to a text that is cut into pieces, and returns the new pieces. An edit may begin in one piece and end in
 * a later one: then each piece gets as many characters of the new text as it loses, and the last one the rest. Of two
 * edits that overlap, the one that begins first counts.
 */
export function applyEdits(pieces: readonly string[], edits: readonly Edit[]): string[] {
  if (edits.length === 0) return [...pieces]
  const sorted = dropOverlaps(edits)
  let start = 0
  let next = 0
  return pieces.map((piece) => {
    const end = start + piece.length
    const made: string[] = []
    let at = start
    for (; next < sorted.length; next++) {
      const { from, to, text } = sorted[next] as Edit
      if (from >= end) break
      if (from > at) made.push(piece.slice(at - start, from - start))
      const begins = Math.max(from, start)
      const given = begins - from
      at = Math.max(at, Math.min(to, end))
      // The edit goes on in a later piece.
      if (to > end) {
        made.push(text.slice(given, given + end - begins))
        break
      }
      made.push(text.slice(given))
    }
    made.push(piece.slice(at - start))
    start = end
    return made.join('')
  })
}

/** Returns a text with edits applied. */
export const editText = (text: string, edits: readonly Edit[]): string =>
  applyEdits([text], edits)[0] as string

function dropOverlaps(edits: readonly Edit[]): Edit[] {
  const kept: Edit[] = []
  for (const edit of [...edits].sort((a, b) => a.from - b.from || b.to - a.to))
    if (edit.from >= (kept.at(-1)?.to ?? 0)) kept.push(edit)
  return kept
}
