import type { Moment } from '../harness/history/timeline.ts'
import { printable } from '../mocks/printable.ts'

/** The narrowest column that still tells something, and the most of them beside one another. */
const NARROWEST = 24
const MOST = 4

/**
 * Moments as lines of at most `width` characters, one column a conversation, with the steps of delivery before them. Where
 * there are more conversations than columns, each line names its own instead. What is of none stands in the first column.
 */
export function timelineLines(moments: readonly Moment[], width: number): string[] {
  const conversations = [...new Set(moments.flatMap(({ conversation }) => conversation ?? []))].sort(byNumber)
  const gutter = 6
  const columns = Math.max(1, Math.min(conversations.length, MOST))
  const wide = Math.floor((width - gutter) / columns) - 2
  const fits = conversations.length <= MOST && (columns === 1 || wide >= NARROWEST)
  const column = fits && columns > 1 ? wide : width - gutter
  const place = (conversation: number | null) =>
    fits && conversation !== null ? Math.max(0, conversations.indexOf(conversation)) : 0
  const heads = fits && columns > 1 ? [head(conversations, column, gutter)] : []
  return [
    ...heads,
    ...moments.map((moment) => {
      const step = moment.step === undefined ? '' : String(moment.step)
      const whose = fits || moment.conversation === null ? '' : `${moment.conversation}: `
      const sign = moment.broken ? '▶ ' : ''
      const text = cut(`${sign}${whose}${printable(moment.text, 300)}`, column)
      return `${step.padStart(gutter - 2)}  ${' '.repeat(place(moment.conversation) * (column + 2))}${text}`
    }),
  ]
}

function head(conversations: readonly number[], column: number, gutter: number): string {
  const names = conversations.map((number) => `conversation ${number}`.padEnd(column + 2))
  return `${'step'.padStart(gutter - 2)}  ${names.join('')}`.trimEnd()
}

function byNumber(a: number, b: number): number {
  return a - b
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`
}
