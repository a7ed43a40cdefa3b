import { MAX_DEPTH } from '../../../limits.ts'

/** A JSON value with its place in the text: `from` is its first character, `to` the character after its last. */
export type JsonNode = StringNode | WordNode | ObjectNode | ListNode
export interface StringNode {
  kind: 'string'
  from: number
  to: number
  /** The text that the literal stands for. */
  text: string
  /** Whether the closing quotation mark is there. */
  closed: boolean
}
/** A number, `true`, `false`, `null`, or something else that is not quoted. */
export interface WordNode {
  kind: 'word'
  from: number
  to: number
  text: string
}
export interface ObjectNode {
  kind: 'object'
  from: number
  to: number
  entries: { key: StringNode; value: JsonNode }[]
}
export interface ListNode {
  kind: 'list'
  from: number
  to: number
  items: JsonNode[]
}

type Open = (ObjectNode | ListNode) & { pending?: StringNode }

/**
 * Returns the objects and lists in a text, outermost first. The text may be JSON, several JSON values, JSON that is cut
 * off, or prose around JSON. Strings outside of containers are returned if the text begins with one or if they have
 * escapes. Containers deeper than `MAX_DEPTH` are
 * not entered.
 */
export function readJsonTree(text: string): JsonNode[] {
  const roots: JsonNode[] = []
  const stack: Open[] = []
  const quoted = /^\s*"/.test(text)
  const place = (node: JsonNode) => {
    const top = stack.at(-1)
    if (top === undefined) {
      // A quoted word of prose is no JSON, but a quoted text with escapes may be.
      const isRoot =
        node.kind === 'string'
          ? quoted || text.slice(node.from, node.to).includes('\\')
          : node.kind !== 'word'
      if (isRoot) roots.push(node)
    } else if (top.kind === 'list') top.items.push(node)
    else if (top.pending) {
      top.entries.push({ key: top.pending, value: node })
      delete top.pending
    }
  }
  let at = 0
  while (at < text.length) {
    const char = text[at] as string
    if (char === '"') {
      const node = readString(text, at)
      at = node.to
      const top = stack.at(-1)
      if (top?.kind === 'object' && !top.pending && nextVisible(text, at) === ':') top.pending = node
      else place(node)
    } else if (char === '{' || char === '[') {
      const node: Open =
        char === '{'
          ? { kind: 'object', from: at, to: text.length, entries: [] }
          : { kind: 'list', from: at, to: text.length, items: [] }
      if (stack.length <= MAX_DEPTH) {
        place(node)
        stack.push(node)
      }
      at++
    } else if (char === '}' || char === ']') {
      at++
      const kind = char === '}' ? 'object' : 'list'
      const open = stack.findLastIndex((held) => held.kind === kind)
      // Brackets that do not fit belong to prose.
      if (open >= 0) for (const closed of stack.splice(open)) closed.to = at
    } else if (stack.length > 0 && WORD_START.test(char)) {
      WORD.lastIndex = at
      const word = WORD.exec(text)?.[0] ?? char
      place({ kind: 'word', from: at, to: at + word.length, text: word })
      at += word.length
    } else {
      const top = stack.at(-1)
      if (char === ',' && top) delete top.pending
      at++
    }
  }
  return roots
}

const WORD_START = /[\w.+-]/
const WORD = /[\w.+-]{1,4096}/y

function nextVisible(text: string, from: number): string | undefined {
  let at = from
  while (at < text.length && /\s/.test(text[at] as string)) at++
  return text[at]
}

/** Reads the string literal that begins at `from`. Escapes that JSON does not know stay as they are. */
function readString(text: string, from: number): StringNode {
  let to = from + 1
  while (to < text.length && text[to] !== '"') to += text[to] === '\\' ? 2 : 1
  const closed = to < text.length
  to = Math.min(to, text.length)
  const raw = text.slice(from + 1, to)
  return { kind: 'string', from, to: closed ? to + 1 : to, text: decodeLiteral(raw), closed }
}

function decodeLiteral(raw: string): string {
  if (!raw.includes('\\')) return raw
  return raw.replace(
    /\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))/g,
    (_, unit: string | undefined, letter: string) =>
      unit === undefined ? (ESCAPES[letter] ?? letter) : String.fromCharCode(Number.parseInt(unit, 16)),
  )
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }
