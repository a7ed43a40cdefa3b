import { type History, parseConversation } from '../contract/events.ts'
import { listSpans } from '../history/spans.ts'
import {
  createObservations,
  formatOutcome,
  formatSpan,
  hasConversationCanary,
  type Observations,
  summariseRequest,
} from './asked.ts'

/** Returns what a script without the harness would observe of the runs in a history. */
export function observeHistory(history: History): Observations {
  const seen = createObservations()
  for (const event of history) {
    if (event.kind === 'run.start') {
      seen.updates[event.run] = ''
      seen.hooks[event.run] = []
    }
    if (event.kind === 'run.end') {
      const { status, text, error, usage } = event.outcome
      seen.outcomes[event.run] = formatOutcome(status, error?.message ?? text, usage)
    }
    if (event.kind === 'update' && event.update.kind === 'text')
      seen.updates[event.run] = `${seen.updates[event.run] ?? ''}${event.update.text}`
    if (event.kind === 'hook' && parseConversation(event.run) !== undefined)
      seen.hooks[String(event.run)]?.push(event.name)
    if (event.kind === 'request') seen.requests.push(summariseRequest(event.body))
    if (event.kind === 'noise' && event.what === 'stderr') seen.stderr = true
  }
  const spans = listSpans(history)
  const names = new Map(spans.map(({ started }) => [started.span, started.name]))
  seen.spans = spans
    .map(({ started, ended }) => {
      const fate = ended === undefined ? 'open' : ended.status === 'ERROR' ? 'failed' : 'ended'
      const { 'gen_ai.usage.input_tokens': input, 'gen_ai.usage.output_tokens': output } =
        ended?.attributes ?? {}
      return formatSpan(started.name, fate, names.get(started.parent ?? ''), input, output)
    })
    .sort()
  seen.holding = spans
    .filter(({ ended }) => hasConversationCanary(JSON.stringify(ended?.attributes ?? {})))
    .map(({ started }) => started.name)
    .sort()
  return seen
}
