import { pullNames, stopNames } from '../schema.ts'
import type { Turn } from '../types.ts'
import { estimateEvents } from '../weight.ts'
import { buildCapabilityValues, buildValues, groupAs, type Word } from './word.ts'

/** Words about how the consumer reads a run, and how it ends the run early. */
export const stopWords: readonly Word[] = [
  {
    name: 'stream',
    values: { true: ['stream'], false: [] },
    read: ({ turns }) => turns.map(({ stream }) => String(stream)),
  },
  {
    // A turn without a stream is only awaited, so its pull says nothing.
    name: 'pull',
    values: buildCapabilityValues(pullNames, ['stream']),
    read: ({ turns }) => turns.flatMap(({ stream, pull }) => (stream ? [pull] : [])),
  },
  {
    name: 'limit',
    values: buildValues(['too low', 'high enough'], ['limit', 'tools']),
    groups: groupAs('yes', ['too low', 'high enough']),
    read: ({ turns }) => turns.flatMap(nameLimit),
  },
  {
    name: 'stop',
    values: buildCapabilityValues(stopNames),
    read: ({ turns }) => turns.flatMap(({ stop }) => stop?.how ?? []),
  },
  {
    name: 'place of a stop',
    values: {
      'before the run': ['abort', 'signal'],
      'before anything': ['abort'],
      'the middle of an answer': ['abort', 'stream'],
      'the end of an answer': ['abort'],
      'before a later answer': ['abort'],
      'in a tool': ['abort', 'tools'],
    },
    groups: {
      'before the run': 'before anything',
      'before anything': 'before anything',
      'the middle of an answer': 'after the first event',
      'the end of an answer': 'after the first event',
      'before a later answer': 'after the first event',
    },
    read: ({ turns }) => turns.flatMap(nameStopPlace),
  },
  {
    name: 'stop once more',
    values: buildValues(['after abort', 'after return'], ['stream', 'signal']),
    groups: groupAs('yes', ['after abort', 'after return']),
    read: ({ turns }) => turns.flatMap(({ stop }) => (stop?.again ? `after ${stop.how}` : [])),
  },
]

/** Returns whether the agent that has the conversation needs more answers than the turn allows, if no fault comes before. */
function nameLimit({ limit, answers }: Turn): string[] {
  if (limit === undefined) return []
  const own = answers.filter(({ agent }) => agent === undefined).length
  return [limit < own ? 'too low' : 'high enough']
}

function nameStopPlace({ stop, answers, stream }: Turn): string[] {
  if (stop === undefined) return []
  const { after } = stop
  if ('nothing' in after) return ['before the run']
  if ('toolStarts' in after) return ['in a tool']
  if ('updates' in after) return [after.updates === 0 ? 'before anything' : 'the middle of an answer']
  const { request, events } = after
  if (events === 0) return [request === 0 ? 'before anything' : 'before a later answer']
  const answer = answers[request]
  // A JSON answer is one event.
  const isInside = stream && answer !== undefined && events < estimateEvents(answer)
  return [isInside ? 'the middle of an answer' : 'the end of an answer']
}
