import { toShortJson } from '../../mocks/json.ts'
import type { History, SpanEnded } from '../contract/events.ts'
import { readItemText, readRole } from '../history/items.ts'
import { listSpans, readTelemetrySetting } from '../history/spans.ts'
import { findCanaries } from '../plan/canary.ts'
import { nameOperation } from './causes.ts'
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
    const findText = (text: string) =>
      findCanaries(text)[0] ?? contents.find((content) => text.includes(content))
    const look = (at: number, where: string, cause: string, text: string, part = '') => {
      const held = findText(text)
      if (held !== undefined)
        found.push({ at, message: `${where} contains a text of a conversation: "${held}"${part}`, cause })
    }
    history.forEach((event, at) => {
      if (event.kind === 'span.start')
        look(at, `the name of span "${event.name}"`, 'name of a span', event.name)
      else if (event.kind === 'span.end' && findText(JSON.stringify(event)) !== undefined)
        for (const { part, cause, text } of listParts(event))
          look(at, `span "${event.name}"`, `${nameOperation(event)} span, ${cause}`, text, ` in ${part}`)
      else if (event.kind === 'noise' && event.what === 'log')
        look(at, 'a log record', 'log record', event.message)
    })
    return found
  },
  countWitnesses(history) {
    const { mode, toggled, sabotaged } = readTelemetrySetting(history)
    if (mode === 'sensitive' || toggled || sabotaged) return 0
    const logs = history.filter((event) => event.kind === 'noise' && event.what === 'log')
    return listSpans(history).length + logs.length
  },
}

/** Returns the parts of a span that may have a text. A cause has `n` in place of each number in a key. */
function listParts({ attributes, events = [], error = '' }: SpanEnded) {
  const ofAttributes = Object.entries(attributes).map(([key, value]) => ({
    part: `attribute ${toShortJson(key)}`,
    cause: /^[\w.-]{1,80}$/.test(key) ? key.replaceAll(/\d+/g, 'n') : 'attribute',
    text: JSON.stringify(value),
  }))
  const ofEvents = events.map(({ name, attributes }) => ({
    part: `event ${toShortJson(name)}`,
    cause: 'span event',
    text: JSON.stringify([name, attributes]),
  }))
  return [...ofAttributes, ...ofEvents, { part: 'status message', cause: 'status message', text: error }]
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
