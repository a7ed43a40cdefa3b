import type { History, HistoryEvent } from '../contract/events.ts'
import { groupByRun, type RunRecord } from '../history/runs.ts'
import { findCanaries } from '../plan/canary.ts'
import type { Invariant, Violation } from './types.ts'

export const lateResultsGoNowhere: Invariant = {
  id: 'late-results-go-nowhere',
  level: 'should',
  statement:
    'If a tool returns or throws after its stopped run has ended, no later request and no update of another run has what the tool gave.',
  source:
    'https://github.com/webmachinelearning/webmcp/issues/299 (after an abort "the tool\'s own resolution is discarded"); https://github.com/openclaw/openclaw/issues/65223 (new runs can see old tool results)',
  since: '0.1.0',
  needs: ['tools'],
  check: (history) => listLateResults(history).flatMap((late) => findUses(history, late)),
  countWitnesses: (history) => listLateResults(history).length,
}

interface LateResult {
  story: RunRecord
  at: number
  call: string | undefined
  name: string
  /** The canary of the result or of the error. */
  canary: string
}

/** Returns what tools gave after their stopped runs had ended, if nothing gave the same text in time. */
function listLateResults(history: History): LateResult[] {
  return groupByRun(history).runs.flatMap((story) => {
    const { stopped, ended } = story
    if (stopped === undefined || ended === undefined) return []
    return story.toolEnds.flatMap(({ at, event }): LateResult[] => {
      const { name, call, cancelled } = event
      const [canary] = listGivenCanaries(event)
      if (at < ended.at || cancelled || canary === undefined) return []
      return [{ story, at, call, name, canary }]
    })
  })
}

function findUses(history: History, { story, at, call, name, canary }: LateResult): Violation[] {
  return history.slice(at).flatMap((event, after): Violation[] => {
    const place = at + after
    if (event.kind === 'request' && answersCall(event, call, canary))
      return [
        {
          at: place,
          message: `request ${event.request} has what ${name} gave after run ${story.run} had ended`,
          cause: 'late result in a request',
        },
      ]
    if (event.kind !== 'update' || event.run === story.run || event.update.kind !== 'text') return []
    if (!event.update.text.includes(canary) || isGivenTo(history, event.run, canary)) return []
    return [
      {
        at: place,
        message: `run ${event.run} delivers what ${name} gave after run ${story.run} had ended`,
        cause: 'late result in an update',
      },
    ]
  })
}

/** Returns whether a request has an output for a call that contains a canary. An output in the runtime's own words does not. */
function answersCall(
  { context }: Extract<HistoryEvent, { kind: 'request' }>,
  call: string | undefined,
  canary: string,
): boolean {
  if (call === undefined) return false
  return context.some(
    (item) =>
      item['type'] === 'function_call_output' &&
      item['call_id'] === call &&
      findCanaries(JSON.stringify(item['output'])).includes(canary),
  )
}

/** Returns whether a tool gave the same text to another run, too: equal calls give equal texts. */
function isGivenTo(history: History, run: string, canary: string): boolean {
  return history.some(
    (event) => event.kind === 'tool.end' && event.run === run && listGivenCanaries(event).includes(canary),
  )
}

/** Returns the canaries in what a tool returned or threw. */
function listGivenCanaries({ result, error }: Extract<HistoryEvent, { kind: 'tool.end' }>): string[] {
  return findCanaries(JSON.stringify(result ?? error ?? ''))
}
