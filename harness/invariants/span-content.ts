import type { History } from '../contract/events.ts'
import { readItemText, readRole } from '../history/items.ts'
import { readTelemetrySetting } from '../history/spans.ts'
import { findCanaries } from '../plan/canary.ts'
import type { Invariant, Violation } from './types.ts'

export const noContentUnlessSensitive: Invariant = {
  id: 'no-content-unless-sensitive',
  level: 'must',
  statement:
    'Spans, span events and logs contain no text of a conversation unless sensitive data is switched on.',
  source:
    'https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/#capturing-instructions-inputs-and-outputs (v1.41.0: not by default); https://github.com/instrumentation-score/spec/issues/51',
  since: '0.1.0',
  needs: ['spans'],
  check(history) {
    const { mode, toggled, sabotaged } = readTelemetrySetting(history)
    if (mode === 'sensitive' || toggled || sabotaged) return []
    const contents = listTexts(history)
    const found: Violation[] = []
    const look = (at: number, where: string, text: string) => {
      const [held] = [...findCanaries(text), ...contents.filter((content) => text.includes(content))]
      if (held !== undefined)
        found.push({ at, message: `${where} contains a text of a conversation: "${held}"` })
    }
    history.forEach((event, at) => {
      if (event.kind === 'span.start') look(at, `the name of span "${event.name}"`, event.name)
      else if (event.kind === 'span.end') {
        const { attributes, events = [], error = '' } = event
        look(at, `span "${event.name}"`, `${JSON.stringify([attributes, events])} ${error}`)
      } else if (event.kind === 'noise' && event.what === 'log') look(at, 'a log record', event.message)
    })
    return found
  },
}

/**
 * Returns the texts of a conversation for plans without canaries. Texts need at least 12 characters and a blank, so that names
 * and ids do not count.
 */
function listTexts(history: History): string[] {
  const texts = new Set<string>()
  for (const event of history) {
    if (event.kind === 'run.start') texts.add(event.input)
    if (event.kind === 'response.end')
      for (const item of event.response?.output ?? [])
        if (readRole(item) === 'assistant') texts.add(readItemText(item))
    if (event.kind === 'tool.end' && typeof event.result === 'string') texts.add(event.result)
  }
  return [...texts]
    .filter((text) => text.length >= 12 && /\S\s+\S/.test(text) && findCanaries(text).length === 0)
    .map((text) => JSON.stringify(text).slice(1, -1))
}
