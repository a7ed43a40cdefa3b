import { createParser } from 'eventsource-parser'

/** One server-sent event as text: its `event:` name, absent where the wire had none, and its joined `data:` lines. */
export interface SseFrame {
  event?: string
  data: string
}

/** The frames of a complete event stream. A frame that the stream's end cut off is not dispatched, as the standard says. */
export function parseSse(text: string): SseFrame[] {
  const frames: SseFrame[] = []
  const parser = createParser({
    onEvent: (message) =>
      frames.push(
        message.event === undefined ? { data: message.data } : { event: message.event, data: message.data },
      ),
  })
  parser.feed(text)
  return frames
}

/** The service's own spelling of an event (GRAMMAR G47, G48): its name, then its JSON with `type` as the first key. */
export function formatSse(event: { type: string }): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
}
