import { createParser } from 'eventsource-parser'

/** One server-sent event: its `event:` name, if it has one, and its joined `data:` lines. */
export interface SseFrame {
  event?: string
  data: string
}

/**
 * Returns the frames of a complete event stream. As the standard says, a last frame without a blank line does not
 * count.
 */
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
