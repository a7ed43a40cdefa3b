import { parseJsonOrUndefined } from '../../../limits.ts'
import { splitFrames } from '../../wire.ts'
import { type Edit, editText } from './edits.ts'
import { dropLogprobs, hasLogprobs } from './json.ts'
import { type JsonNode, readJsonTree, type StringNode } from './json-tree.ts'
import type { TextScrubber } from './text.ts'

/** The lines of a frame. `data` has the numbers of its data lines, `text` what they say together. */
interface Frame {
  lines: string[]
  data: number[]
  text: string
  edits: Edit[]
}

/** A piece of a text that arrives in deltas. */
interface Piece {
  frame: Frame
  node: StringNode
  logprobs: JsonNode | undefined
}

const DATA = /^(data:? ?)([^\r\n]*)/

/**
 * Returns the text of an event stream without credentials. Data may be split over lines, and a text over deltas: the
 * deltas of one text are joined, replaced as one text and cut again. Everything else stays byte for byte.
 */
export function scrubStream(wire: string, texts: TextScrubber): string {
  const frames = splitFrames(wire).map(readFrame)
  const groups = new Map<string, Piece[]>()
  for (const frame of frames) {
    if (!/^\s*[{[]/.test(frame.text)) continue
    const identity = identify(frame.text)
    frame.edits = texts.findEditsOfJson(frame.text, (node, path, logprobs) => {
      const key = `${identity} ${path}`
      const group = groups.get(key)
      const piece = { frame, node, logprobs }
      if (group) group.push(piece)
      else groups.set(key, [piece])
    })
  }
  for (const group of groups.values()) {
    const before = group.map(({ node }) => node.text)
    for (const [at, text] of texts.scrubPieces(before).entries()) {
      const { frame, node, logprobs } = group[at] as Piece
      if (text === before[at]) continue
      const literal = JSON.stringify(text)
      frame.edits.push({ from: node.from, to: node.to, text: node.closed ? literal : literal.slice(0, -1) })
      if (hasLogprobs(logprobs)) frame.edits.push(dropLogprobs(logprobs))
    }
  }
  return frames.map((frame) => writeFrame(frame, texts)).join('')
}

function readFrame(wire: string): Frame {
  const lines = wire.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? []
  const data = lines.flatMap((line, at) => (DATA.test(line) ? [at] : []))
  const text = data.map((at) => DATA.exec(lines[at] as string)?.[2] ?? '').join('\n')
  return { lines, data, text, edits: [] }
}

/** Returns what the deltas of one text have in common: the plain fields of their events. */
function identify(json: string): string {
  const [root] = readJsonTree(json)
  if (root?.kind !== 'object') return ''
  const fields = root.entries.flatMap(({ key, value }) =>
    value.kind !== 'string' && value.kind !== 'word'
      ? []
      : /^(delta|sequence_number|obfuscation)$/.test(key.text)
        ? []
        : [`${key.text}=${value.text}`],
  )
  return fields.sort().join(' ')
}

function writeFrame({ lines, data, text, edits }: Frame, texts: TextScrubber): string {
  const edited = editText(text, edits)
  // JSON was replaced by its structure. Any other data is replaced as text, and so is JSON that is cut off or too deep.
  const isText = text !== '' && typeof parseJsonOrUndefined(text) !== 'object'
  const said = (isText ? texts.scrubText(edited) : edited).split('\n')
  const written = lines.map((line, at) => {
    const place = data.indexOf(at)
    if (place < 0) return line
    const [, name = ''] = DATA.exec(line) ?? []
    const end = /(?:\r\n|\r|\n)$/.exec(line)?.[0] ?? ''
    const last = place === data.length - 1
    const mine = last ? said.slice(place).join(`${end || '\n'}${name}`) : (said[place] ?? '')
    return name + mine + end
  })
  // Lines between data lines hold names, ids and comments. They are replaced together, because junk may break lines.
  const made: string[] = []
  for (let at = 0; at < written.length; ) {
    let end = at
    while (end < written.length && !data.includes(end)) end++
    if (end > at) made.push(scrubLines(written.slice(at, end).join(''), texts))
    if (end < written.length) made.push(written[end] as string)
    at = end + 1
  }
  return made.join('')
}

/** Replaces credentials in lines without data. The line ends stay, because a blank line ends a frame. */
function scrubLines(text: string, texts: TextScrubber): string {
  return /\S/.test(text) ? texts.scrubText(text) : text
}
