import type { Moment } from '../harness/history/timeline.ts'
import { toPrintable } from '../mocks/printable.ts'

/** Minimum width of a column, in characters. */
const LEAST_WIDTH = 24
/** Maximum number of columns. */
const MOST_COLUMNS = 4

/**
 * Returns moments as lines of at most `width` characters. Each line begins with the delivery step. Each conversation has its
 * own column; with too many conversations, each line names its conversation instead. Moments without a conversation go into
 * the first column.
 */
export function formatTimeline(moments: readonly Moment[], width: number): string[] {
  const conversations = [...new Set(moments.flatMap(({ conversation }) => conversation ?? []))].sort(
    compareNumbers,
  )
  const gutter = 6
  const columns = Math.max(1, Math.min(conversations.length, MOST_COLUMNS))
  const wide = Math.floor((width - gutter) / columns) - 2
  const fits = conversations.length <= MOST_COLUMNS && (columns === 1 || wide >= LEAST_WIDTH)
  const column = fits && columns > 1 ? wide : width - gutter
  const place = (conversation: number | null) =>
    fits && conversation !== null ? Math.max(0, conversations.indexOf(conversation)) : 0
  const heads = fits && columns > 1 ? [formatHead(conversations, column, gutter)] : []
  return [
    ...heads,
    ...moments.map((moment) => {
      const step = moment.step === undefined ? '' : String(moment.step)
      const whose = fits || moment.conversation === null ? '' : `${moment.conversation}: `
      const sign = moment.broken ? '▶ ' : ''
      const text = shorten(`${sign}${whose}${toPrintable(moment.text, 300)}`, column)
      return `${step.padStart(gutter - 2)}  ${' '.repeat(place(moment.conversation) * (column + 2))}${text}`
    }),
  ]
}

function formatHead(conversations: readonly number[], column: number, gutter: number): string {
  const names = conversations.map((number) => `conversation ${number}`.padEnd(column + 2))
  return `${'step'.padStart(gutter - 2)}  ${names.join('')}`.trimEnd()
}

function compareNumbers(a: number, b: number): number {
  return a - b
}

function shorten(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`
}
