import type { Json } from '../../json.ts'
import { jsonOf } from '../../limits.ts'
import { splitFrames } from '../wire.ts'

export interface StreamMapping {
  /** The new data of a frame whose data is JSON; `index` counts the frames that have data, as `parseSse` does. */
  json(data: Json, index: number): Json
  /** What is no JSON: other data, event names, ids and comments. */
  text(text: string): string
}

const DATA = /^data(?:: ?([^\r\n]*))?(?=[\r\n]|$)/

/**
 * An event stream's wire text with its contents replaced, and line ends, comments and field order kept. A frame whose
 * JSON stays equal keeps its very bytes. `exact` is false where a changed frame was not spelled as JSON.stringify
 * spells it, so that its spelling was lost.
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
    const parsed = data.length > 0 ? jsonOf(data.join('\n')) : undefined
    const at = data.length > 0 ? index++ : index
    if (parsed === undefined) return lines.map((line) => mapLine(line, mapping.text)).join('')
    const before = JSON.stringify(parsed)
    const after = JSON.stringify(mapping.json(parsed as Json, at))
    const changed = before !== after
    if (changed && (data.length > 1 || data[0] !== before)) exact = false
    // Several data lines become one, in the place of the last: a line dropped behind it could leave a CR beside an LF.
    const last = lines.findLastIndex((line) => DATA.test(line))
    return lines
      .map((line, at) => {
        if (!DATA.test(line)) return mapLine(line, mapping.text)
        if (!changed) return line
        return at === last ? `data: ${after}${/(?:\r\n|\r|\n)$/.exec(line)?.[0] ?? ''}` : ''
      })
      .join('')
  })
  return { text: frames.join(''), exact }
}

/** Field names are the protocol's own; what follows the first colon is content. */
function mapLine(line: string, text: (held: string) => string): string {
  const [, name = '', held = '', end = ''] =
    /^((?:event|data|id|retry)?:? ?)?([^\r\n]*)(\r\n|\r|\n)?$/.exec(line) ?? []
  return held === '' || held === '[DONE]' ? line : name + text(held) + end
}
