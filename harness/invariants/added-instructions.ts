import { listObjects } from '../../mocks/json.ts'
import type { History } from '../contract/events.ts'
import { readItemText, readRole } from '../history/items.ts'
import { groupByRun, isNested, type RequestRecord, type RunRecord } from '../history/runs.ts'
import { findCanaries } from '../plan/canary.ts'
import type { Invariant, Violation } from './types.ts'

export const addedInstructionsReachTheirRun: Invariant = {
  id: 'added-instructions-reach-their-run',
  level: 'must',
  statement:
    'The instructions that a context provider adds to a run are in each request of the run, and in no `instructions` of another run. The requests of agents that are tools are exempt.',
  source:
    'https://github.com/microsoft/agent-framework/issues/5231 (context providers work once a run); https://platform.openai.com/docs/api-reference/responses/create (instructions are not carried over with previous_response_id)',
  since: '0.1.0',
  needs: ['added-instructions'],
  check(history) {
    const { runs } = groupByRun(history)
    return [...runs.flatMap(findMissing), ...findElsewhere(runs)]
  },
  countWitnesses: (history) => listOwing(history).length,
}

function listOwing(history: History): RequestRecord[] {
  return groupByRun(history).runs.flatMap((story) =>
    readMark(story) === undefined ? [] : listOwnRequests(story),
  )
}

/** Returns the canary of what was added to a run. Returns undefined for a text without one. */
function readMark({ started }: RunRecord): string | undefined {
  return findCanaries(started.adds ?? '')[0]
}

function listOwnRequests(story: RunRecord): RequestRecord[] {
  return story.requests.filter((request) => request.refused === undefined && !isNested(request, story))
}

function findMissing(story: RunRecord): Violation[] {
  const mark = readMark(story)
  if (mark === undefined) return []
  return listOwnRequests(story).flatMap((request, place): Violation[] => {
    if (readAllInstructions(request).includes(mark)) return []
    return [
      {
        at: request.at,
        message: `request ${request.asked.request} lacks the instructions that a context provider added to run ${story.run}`,
        cause: `added instructions missing in ${place === 0 ? 'the first' : 'a later'} request`,
      },
    ]
  })
}

function findElsewhere(runs: readonly RunRecord[]): Violation[] {
  const owners = new Map(runs.map((story) => [readMark(story), story.run]))
  return runs.flatMap(({ run, requests }) =>
    requests.flatMap(({ at, asked }) => {
      const marks = new Set(findCanaries(String(asked.body['instructions'] ?? '')))
      const others = [...marks].flatMap((mark) => owners.get(mark) ?? []).filter((owner) => owner !== run)
      return others.map((owner) => ({
        at,
        message: `request ${asked.request} of run ${run} has the instructions that a context provider added to run ${owner}`,
        cause: 'added instructions of another run',
      }))
    }),
  )
}

/** Returns the instructions of a request: the parameter, and the messages of the application. */
function readAllInstructions({ asked: { body, context } }: RequestRecord): string {
  const messages = [...context, ...listObjects(body['input']), ...listObjects(body['messages'])]
  const told = messages.filter((item) => /system|developer/.test(readRole(item) ?? '')).map(readItemText)
  return [String(body['instructions'] ?? ''), ...told].join('\n')
}
