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
