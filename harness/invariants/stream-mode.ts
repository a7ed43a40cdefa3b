import { createHash } from 'node:crypto'
import { toCanonicalJson } from '../../mocks/json.ts'
import type { Answer } from '../../mocks/service/types.ts'
import type { History } from '../contract/events.ts'
import { hasProcessEnded } from '../history/process.ts'
import { findEndOfRun, groupByRun, type RunRecord, readRunStatus } from '../history/runs.ts'
import { findContradiction } from '../plan/contradiction.ts'
import { isCall } from '../plan/needs.ts'
import type { Plan } from '../plan/types.ts'
import type { Comparison, Violation } from './types.ts'

export const streamingIsTransparent: Comparison = {
  id: 'streaming-is-transparent',
  level: 'must',
  statement:
    'A run ends with the same status and text, sends as many requests and calls the same tools whether it is streamed or not. Compared with plans without stops, in which answers are whole or incomplete.',
  source:
    'https://openai.github.io/openai-agents-python/streaming/ (when the stream is done, the result holds all that the run produced); https://platform.openai.com/docs/guides/streaming-responses (the last event of a stream holds the whole response)',
  since: '0.2.0',
  needs: ['stream'],
  variants(plan) {
    if (!isChosen(plan)) return []
    const sound = removeTrouble(plan)
    return findContradiction(sound) === undefined ? [sound, switchStreaming(sound)] : []
  },
  compare(own, [sound, switched]) {
    if (sound === undefined || switched === undefined) return []
    return findDifferences(sound, switched).map(({ run, ...violation }) => ({
      ...violation,
      at: findEndOfRun(own, run),
    }))
  },
  countWitnesses: (_, [sound, switched]) => (sound && switched ? listPairs(sound, switched).length : 0),
}

/** Each comparison runs two more plans, so only one plan in so many is compared. */
const EACH = 4

/** The seed chooses, because shrinking keeps it. */
function isChosen({ seed }: Plan): boolean {
  return createHash('sha256').update(seed).digest().readUInt8() % EACH === 0
}

/** Returns a plan without what has another meaning for a run that is streamed: most faults, stops, hook faults and toggles. */
function removeTrouble(plan: Plan): Plan {
  const conversations = plan.conversations.map((conversation) => ({
    ...conversation,
    turns: conversation.turns.map(({ say, stream, target, answers }) => ({
      say,
      stream,
      target,
      pull: 'same-context' as const,
      answers: answers.map(mendAnswer),
    })),
  }))
  return { ...plan, conversations, mode: { start: plan.mode.start } }
}

/**
 * An answer without calls that the plan spoils in the middle becomes incomplete. Every other answer becomes whole. An incomplete
 * answer is the same in both forms only as long as no call can be cut off.
 */
function mendAnswer({ faults = [], ...answer }: Answer): Answer {
  const calls = answer.items.some(isCall)
  const [first] = faults
  if (calls || first === undefined || !('at' in first)) return answer
  return { ...answer, faults: [{ kind: 'incomplete', at: first.at, reason: 'max_output_tokens' }] }
}

/** Returns a plan in which each streamed run is not streamed, and each other run is. */
function switchStreaming(plan: Plan): Plan {
  const conversations = plan.conversations.map((conversation) => ({
    ...conversation,
    turns: conversation.turns.map((turn) => ({ ...turn, stream: !turn.stream })),
  }))
  return { ...plan, conversations }
}

/** Returns the runs that ended in both histories. A process that ended shows nothing. */
function listPairs(own: History, other: History): [RunRecord, RunRecord][] {
  if (hasProcessEnded(own) || hasProcessEnded(other)) return []
  const others = new Map(groupByRun(other).runs.map((story) => [story.run, story]))
  return groupByRun(own).runs.flatMap((story): [RunRecord, RunRecord][] => {
    const beside = others.get(story.run)
    return story.ended !== undefined && beside?.ended !== undefined ? [[story, beside]] : []
  })
}

const STATUS = 'status'

/** What must be equal, with the words of a cause. */
const COMPARED: readonly [string, (story: RunRecord) => string][] = [
  [STATUS, (story) => readRunStatus(story) ?? 'none'],
  ['number of requests', ({ requests }) => String(requests.length)],
  ['tool calls', ({ toolStarts }) => listCalls({ toolStarts })],
  // The text of an incomplete answer ends elsewhere if it was streamed.
  [
    'text',
    (story) => (readRunStatus(story) === 'completed' ? JSON.stringify(story.ended?.outcome.text) : ''),
  ],
]

/** Returns the first difference of each run. A run after a difference may differ because of it, so it is left out. */
function findDifferences(own: History, other: History): (Omit<Violation, 'at'> & { run: string })[] {
  const differing = new Set<number>()
  return listPairs(own, other).flatMap(([story, beside]) => {
    if (differing.has(story.conversation)) return []
    const found = COMPARED.find(([, read]) => read(story) !== read(beside))
    if (found === undefined) return []
    const [what, read] = found
    differing.add(story.conversation)
    const [streamed, plain] = story.started.stream ? [story, beside] : [beside, story]
    return [
      {
        run: story.run,
        message: `run ${story.run}: the ${what} is ${read(streamed)} if the run is streamed, and ${read(plain)} if it is not`,
        cause: what === STATUS ? `${what}, ${read(streamed)} if streamed and ${read(plain)} if not` : what,
      },
    ]
  })
}

/** Returns the calls of tools in an order of their own, because parallel calls may start in any order. */
function listCalls({ toolStarts }: Pick<RunRecord, 'toolStarts'>): string {
  return toolStarts
    .map(({ event: { name, args } }) => `${name} ${toCanonicalJson(args ?? null)}`)
    .toSorted()
    .join(', ')
}
