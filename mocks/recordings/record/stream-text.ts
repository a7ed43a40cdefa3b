import type { Json } from '../../json.ts'
import { parseJsonOrUndefined } from '../../limits.ts'
import { splitFrames } from '../wire.ts'

export interface StreamMapping {
  /** Returns the new data of a frame with JSON data. `index` counts the frames with data, as `parseSse` does. */
  mapJson(data: Json, index: number): Json
  /** Returns the new text of a part that is not JSON data: other data, an event name, an id or a comment. */
  mapText(text: string): string
}

const DATA = /^data(?:: ?([^\r\n]*))?(?=[\r\n]|$)/

/**
 * Replaces the content of an event stream. Line ends, comments and the order of fields stay. A frame with equal JSON
 * keeps its bytes. `exact` is false if a changed frame was not written as JSON.stringify writes it, so that its
 * spelling is lost.
 */
export function mapStream(wire: string, mapping: StreamMapping): { text: string; exact: boolean } {
  let exact = true
  let index = 0
  const frames = splitFrames(wire).map((frame) => {
    const lines = frame.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? []
    const data = lines.flatMap((line) => {
      const field = DATA.exec(line)
      return field ? [field[1] ?? ''] : []
    })
    const parsed = data.length > 0 ? parseJsonOrUndefined(data.join('\n')) : undefined
    const at = data.length > 0 ? index++ : index
    if (parsed === undefined) return lines.map((line) => mapLine(line, mapping.mapText)).join('')
    const before = JSON.stringify(parsed)
    const after = JSON.stringify(mapping.mapJson(parsed as Json, at))
    const changed = before !== after
    if (changed && (data.length > 1 || data[0] !== before)) exact = false
    // Several data lines become one, at the place of the last. Removing a later line could leave a CR next to an LF.
    const last = lines.findLastIndex((line) => DATA.test(line))
    return lines
      .map((line, at) => {
        if (!DATA.test(line)) return mapLine(line, mapping.mapText)
        if (!changed) return line
        return at === last ? `data: ${after}${/(?:\r\n|\r|\n)$/.exec(line)?.[0] ?? ''}` : ''
      })
      .join('')
  })
  return { text: frames.join(''), exact }
}

/** Replaces the text after the first colon of a line. Field names belong to the protocol. */
function mapLine(line: string, text: (held: string) => string): string {
  const [, name = '', held = '', end = ''] =
    /^((?:event|data|id|retry)?:? ?)?([^\r\n]*)(\r\n|\r|\n)?$/.exec(line) ?? []
  return held === '' || held === '[DONE]' ? line : name + text(held) + end
}
