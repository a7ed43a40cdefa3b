import type { History, HistoryEvent } from './events.ts'

/** A history without what is drawn anew each time: span ids become numbers in order of appearance, request bodies are left out. */
export function numbered(history: History): HistoryEvent[] {
  const numbers = new Map<string, string>()
  const number = (id: string) => {
    const known = numbers.get(id) ?? `span ${numbers.size}`
    numbers.set(id, known)
    return known
  }
  return history.map((event) => {
    if (event.kind === 'span.start')
      return {
        ...event,
        span: number(event.span),
        ...(event.parent === undefined ? {} : { parent: number(event.parent) }),
      }
    if (event.kind === 'span.end') return { ...event, span: number(event.span) }
    if (event.kind === 'request') return { ...event, body: {} }
    return event
  })
}
