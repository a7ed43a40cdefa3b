import { isJson, type Json } from '../../mocks/json.ts'
import type { History } from '../contract/events.ts'
import { findHandoffTarget } from '../history/activations.ts'
import { findMark, hasRefusal, indexMarks, readItemText, readRole } from '../history/items.ts'
import {
  groupByRun,
  isAnsweredWhole,
  type RequestRecord,
  type RunRecord,
  readRunStatus,
} from '../history/runs.ts'
import { canCheckSpans, readTelemetrySetting } from '../history/spans.ts'
import { findCanaries } from '../plan/canary.ts'
import type { Invariant } from './types.ts'

export const sensitiveSpansHoldContent: Invariant = {
  id: 'sensitive-spans-hold-content',
  level: 'must',
  statement:
    'If sensitive data is switched on, the spans or logs of a run that completed hold what the user said, what the model answered, and the arguments and results of its tools.',
  source:
    'https://github.com/open-telemetry/semantic-conventions/blob/v1.41.0/docs/gen-ai/gen-ai-spans.md#capturing-instructions-inputs-and-outputs (gen_ai.input.messages, gen_ai.output.messages, gen_ai.tool.call.arguments, gen_ai.tool.call.result)',
  since: '0.1.0',
  needs: ['spans', 'content'],
  check(history) {
    const held = indexMarks(listRecordedTexts(history))
    return listSaidTexts(history)
      .filter(({ mark }) => held.placeOf(mark) === -1)
      .map(({ run, at, what, mark }) => ({
        at,
        message: `no span of run ${run} holds ${what} "${mark}", although sensitive data is switched on`,
        cause: `${what} missing`,
      }))
  },
  countWitnesses: (history) => listSaidTexts(history).length,
}

/** A text of a run that its spans must hold. `mark` identifies the text. */
interface SaidText {
  run: string
  at: number
  what: string
  mark: string
}

/** Returns the texts of the runs that completed with sensitive data switched on. Texts that cannot be identified are left out. */
function listSaidTexts(history: History): SaidText[] {
  if (!canCheckSpans(history) || readTelemetrySetting(history).mode !== 'sensitive') return []
  return groupByRun(history).runs.flatMap((story) => {
    const { run, ended, stopped, started, requests, toolEnds } = story
    if (ended === undefined || stopped !== undefined || readRunStatus(story) !== 'completed') return []
    const said = (what: string, mark: string | undefined): SaidText[] =>
      mark === undefined ? [] : [{ run, at: ended.at, what, mark }]
    return [
      ...(requests.length > 0 ? said('the user message', findMark(started.input)) : []),
      ...requests.filter(isAnsweredWhole).flatMap((request) => listAnswerTexts(request, said)),
      ...toolEnds.flatMap(({ event: { result } }) =>
        typeof result === 'string' && isReported(story, result)
          ? said('the tool result', findMark(result))
          : [],
      ),
    ]
  })
}

/** Returns whether a later request of the run told the model of a tool's result. */
function isReported({ requests }: RunRecord, result: string): boolean {
  const mark = findMark(result)
  return requests.some(({ asked }) =>
    asked.context.some((item) => mark !== undefined && readItemText(item).includes(mark)),
  )
}

function listAnswerTexts(
  request: RequestRecord,
  said: (what: string, mark: string | undefined) => SaidText[],
): SaidText[] {
  return (request.ended?.event.response?.output ?? []).flatMap((item) => {
    if (item['type'] === 'function_call' && findHandoffTarget(request, item) === undefined)
      return said('the tool arguments', findCanaries(String(item['arguments']))[0])
    return readRole(item) === 'assistant' && !hasRefusal(item)
      ? said('the answer', findMark(readItemText(item)))
      : []
  })
}

/** Returns everything that spans, their events and logs hold. */
function listRecordedTexts(history: History): string[] {
  return history.flatMap((event) => {
    if (event.kind === 'span.end')
      return collectTexts([event.attributes, (event.events ?? []) as unknown as Json])
    return event.kind === 'noise' && event.what === 'log' ? collectTexts(event.message) : []
  })
}

/** Returns every string in a value. A string may hold JSON, with strings of its own. */
function collectTexts(value: Json): string[] {
  if (typeof value === 'string') {
    const held = /^\s*[[{"]/.test(value) && isJson(value) ? (JSON.parse(value) as Json) : null
    return [value, ...collectTexts(held)]
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(collectTexts)
}
