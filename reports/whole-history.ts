import pc from 'picocolors'
import { filterEvents, type History } from '../harness/contract/events.ts'
import { formatHistory } from '../harness/history/lines.ts'
import { jsonText } from '../mocks/json-text.ts'
import { toPrintable } from '../mocks/printable.ts'

/** The most characters of a line of a body. */
const LINE_LENGTH = 2_000

/** Returns all events of a history, one line each, with the number of the event. `of` ends the headline. */
export function formatWholeHistory(history: History, of = ''): string {
  const lines = formatHistory(history)
  const width = String(lines.length).length
  const numbered = lines.map((line, at) => `  ${String(at).padStart(width)}  ${line}`)
  return `${[pc.bold(`The whole history${of}`), ...numbered].join('\n')}\n`
}

/** Returns the body of each request in a history. `of` ends the headline. */
export function formatBodies(history: History, of = ''): string {
  const bodies = filterEvents(history, 'request').map(({ request, run, body }) => {
    const head = `  request ${request} of ${run ?? 'an unknown run'}`
    const lines = jsonText(body, 2).split('\n')
    return [head, ...lines.map((line) => `    ${toPrintable(line, LINE_LENGTH)}`)].join('\n')
  })
  const none = bodies.length === 0 ? ['  no request was sent'] : []
  return `${[pc.bold(`The bodies of the requests${of}`), ...bodies, ...none].join('\n')}\n`
}
