import type { Label } from './label.ts'

/** A reason why no plan has two values together. */
export interface PairRule {
  why: string
  /** `values` has all values that the plans of the scenario can have. */
  excludes(first: Label, second: Label, values: ReadonlySet<Label>): boolean
}

/** All rules. */
export const pairRules: readonly PairRule[] = [
  {
    why: 'one conversation has only one order, and several have more',
    excludes: (first, second) =>
      first.startsWith('conversations: ') &&
      second.startsWith('delivery: ') &&
      (first === 'conversations: 1') !== (second === 'delivery: none'),
  },
  {
    why: 'telemetry is not switched if a part of it is broken: the cause of a violation would be unclear',
    excludes: (first, second) =>
      first.startsWith('switch of the telemetry: ') && second.startsWith('sabotage: '),
  },
  {
    why: 'telemetry that is off uses none of its parts',
    excludes: (first, second) => first === 'telemetry at the start: off' && second.startsWith('sabotage: '),
  },
  {
    why: 'the only agent can have itself as a tool, and a second agent is the tool of the first',
    excludes: (first, second) =>
      first.startsWith('agents: ') &&
      second.startsWith('agent as a tool: ') &&
      (first === 'agents: 1') !== (second === 'agent as a tool: the agent itself'),
  },
  {
    why: 'an agent calls another one only in a team of two',
    excludes: (first, second, values) =>
      first === 'agents: 1' &&
      second === 'action of a tool: agent' &&
      !values.has('agent as a tool: the agent itself'),
  },
  {
    // With several conversations, each has its own session.
    why: 'a conversation whose session the service keeps is stored',
    excludes: (first, second, values) =>
      isOnlyOneConversation(values) &&
      (first === 'session: previous-response' || first === 'session: conversation-object') &&
      second === 'store: false',
  },
]

function isOnlyOneConversation(values: ReadonlySet<Label>): boolean {
  return [...values].filter((label) => label.startsWith('conversations: ')).join() === 'conversations: 1'
}
