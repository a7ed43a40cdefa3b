import type { Item, Wire } from '../../../mocks/service/types.ts'
import type { Capability } from '../../contract/runtime.ts'
import { isMessage } from '../item-kinds.ts'
import { buildValues, hasOtherThanAscii, type Word } from './word.ts'

/** What each way to write a stream is called. */
const wireValues = {
  chunk: ['stream'],
  eol: ['stream'],
  comments: ['stream'],
  done: ['stream'],
  unknown: ['stream'],
  noSequence: ['stream'],
  obfuscation: ['stream'],
} satisfies Record<keyof Wire, Capability[]>

/** Words about what the model answers. */
export const answerWords: readonly Word[] = [
  {
    name: 'item',
    values: {
      text: [],
      refusal: [],
      reasoning: [],
      call: ['tools'],
      handoff: ['handoff'],
    } satisfies Record<Item['type'], Capability[]>,
    read: ({ items }) => items.map(({ type }) => type),
  },
  {
    name: 'neighbours',
    values: {
      'message, message': [],
      'message, reasoning': [],
      'message, call': ['tools'],
      'reasoning, message': [],
      'reasoning, reasoning': [],
      'reasoning, call': ['tools'],
      'call, message': ['tools'],
      'call, reasoning': ['tools'],
      'call, equal call': ['tools', 'parallel-tools'],
      'call, other call': ['tools', 'parallel-tools'],
    },
    read: ({ answers }) => answers.flatMap(({ items }) => nameNeighbours(items)),
  },
  {
    name: 'reasoning',
    values: buildValues(['with a summary', 'without a summary', 'encrypted', 'not encrypted']),
    read: ({ items }) =>
      items.flatMap((item) =>
        item.type === 'reasoning'
          ? [
              item.summary.length > 0 ? 'with a summary' : 'without a summary',
              item.encrypted ? 'encrypted' : 'not encrypted',
            ]
          : [],
      ),
  },
  {
    name: 'parts of a message',
    values: buildValues(['one', 'several']),
    read: ({ items }) =>
      items.flatMap((item, at) => {
        if (!('text' in item) || item.sameMessage) return []
        const next = items[at + 1]
        return [next !== undefined && 'sameMessage' in next ? 'several' : 'one']
      }),
  },
  {
    name: 'text of a message',
    values: buildValues(['ASCII', 'other than ASCII']),
    read: ({ items }) =>
      items.flatMap((item) =>
        'text' in item ? [hasOtherThanAscii(item.text) ? 'other than ASCII' : 'ASCII'] : [],
      ),
  },
  {
    name: 'arguments of a call',
    values: buildValues(['an empty text', 'ASCII', 'other than ASCII'], ['tools']),
    read: ({ items }) => items.flatMap((item) => (item.type === 'call' ? [nameArguments(item)] : [])),
  },
  {
    name: 'wrong call',
    values: buildValues(['name', 'arguments'], ['tools', 'call-errors']),
    read: ({ items }) => items.flatMap((item) => (item.type === 'call' ? (item.wrong ?? []) : [])),
  },
  {
    name: 'answers of a turn',
    values: { '1': [], '2': ['tools'], '3 or more': ['tools'] },
    read: ({ turns }) =>
      turns.flatMap(({ answers: { length } }) =>
        length === 0 ? [] : [length < 3 ? String(length) : '3 or more'],
      ),
  },
  {
    name: 'way to write a stream',
    values: wireValues,
    unpaired: 'the ways are independent of one another and of everything else',
    read: ({ answers }) => answers.flatMap(({ wire = {} }) => Object.keys(wire)),
  },
]

function nameNeighbours(items: readonly Item[]): string[] {
  return items.flatMap((item, at) => {
    const next = items[at + 1]
    // A further part of a message is no neighbour of it.
    if (next === undefined || 'sameMessage' in next) return []
    const [left, right] = [nameKind(item), nameKind(next)]
    // The word `handoff` says what stands beside a handoff.
    if (left === 'handoff' || right === 'handoff') return []
    if (left !== 'call' || right !== 'call') return `${left}, ${right}`
    return JSON.stringify(item) === JSON.stringify(next) ? 'call, equal call' : 'call, other call'
  })
}

function nameKind(item: Item): string {
  return isMessage(item) ? 'message' : item.type
}

function nameArguments({ args }: Item & { type: 'call' }): string {
  const text = JSON.stringify(args)
  if (hasOtherThanAscii(text)) return 'other than ASCII'
  return text.includes('""') ? 'an empty text' : 'ASCII'
}
