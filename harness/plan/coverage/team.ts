import type { Json } from '../../../mocks/json.ts'
import type { Answer } from '../../../mocks/service/types.ts'
import type { Capability } from '../../contract/runtime.ts'
import type { ToolAction } from '../types.ts'
import { buildValues, groupAs, hasOtherThanAscii, listTrue, type Word } from './word.ts'

/** What each action of a tool needs. */
const actionNeeds = {
  return: ['tools'],
  throw: ['tools'],
  hang: ['tools', 'abort'],
  agent: ['tools', 'agent-tool'],
} satisfies Record<ToolAction['kind'], Capability[]>

/** Number of characters from which a result is long. */
const LONG = 1_000

/** Words about the agents, their tools and their handoffs. */
export const teamWords: readonly Word[] = [
  {
    name: 'agents',
    values: { '1': [], '2 or more': ['agent-tool'] },
    read: ({ plan: { team } }) => [team.length === 1 ? '1' : '2 or more'],
  },
  {
    name: 'handoff',
    values: {
      alone: ['handoff'],
      'after a message': ['handoff'],
      'after reasoning': ['handoff'],
      'before a call': ['handoff', 'tools', 'parallel-tools'],
      'after a call': ['handoff', 'tools', 'parallel-tools'],
      'two at once': ['handoff', 'parallel-tools'],
      'in each answer': ['handoff'],
    },
    read: ({ answers }) => answers.flatMap(nameHandoffs),
  },
  {
    name: 'flow',
    values: buildValues(['a limit of turns', 'a last message'], ['handoff', 'flow']),
    read: ({ plan: { flow } }) =>
      listTrue({
        'a limit of turns': Object.keys(flow?.turnLimits ?? {}).length > 0,
        'a last message': flow?.endAfter !== undefined,
      }),
  },
  {
    name: 'settings',
    values: buildValues(['some'], ['settings']),
    read: ({ plan: { team } }) => team.flatMap(({ settings }) => (settings === undefined ? [] : 'some')),
  },
  {
    name: 'agent as a tool',
    values: buildValues(['another agent', 'the agent itself'], ['tools', 'agent-tool']),
    read: ({ plan: { team } }) =>
      team.flatMap(({ name, tools }) =>
        tools
          .flatMap(({ does }) => does)
          .flatMap((act) =>
            act.kind === 'agent' ? [act.agent === name ? 'the agent itself' : 'another agent'] : [],
          ),
      ),
  },
  {
    name: 'action of a tool',
    values: actionNeeds,
    read: ({ actions }) => actions.map(({ kind }) => kind),
  },
  {
    name: 'gate of a tool',
    values: buildValues(['none', 'gated', 'gated, ignores its signal'], ['tools']),
    read: ({ actions }) => actions.map(nameGate),
  },
  {
    name: 'result of a tool',
    values: buildValues(
      ['0', 'false', 'null', '""', '[]', '{}', 'an object', 'a text', 'a long text', 'other than ASCII'],
      ['tools'],
    ),
    groups: {
      ...groupAs('empty', ['0', 'false', 'null', '""', '[]', '{}']),
      ...groupAs('a text', ['a text', 'a long text', 'other than ASCII']),
    },
    read: ({ actions }) => actions.flatMap((act) => (act.kind === 'return' ? [nameResult(act.value)] : [])),
  },
]

function nameHandoffs({ items, always }: Answer): string[] {
  const handoffs = items.filter(({ type }) => type === 'handoff')
  const stands = (types: readonly string[], beside: 'before' | 'after') =>
    items.some((item, at) => {
      const other = items[beside === 'before' ? at + 1 : at - 1]
      return item.type === 'handoff' && other !== undefined && types.includes(other.type)
    })
  return listTrue({
    alone: handoffs.length === 1 && items.length === 1,
    'after a message': stands(['text', 'refusal'], 'after'),
    'after reasoning': stands(['reasoning'], 'after'),
    'before a call': stands(['call'], 'before'),
    'after a call': stands(['call'], 'after'),
    'two at once': handoffs.length > 1,
    'in each answer': always === true && handoffs.length > 0,
  })
}

function nameGate(act: ToolAction): string {
  if (!('gated' in act) || !act.gated) return 'none'
  return act.ignoresSignal ? 'gated, ignores its signal' : 'gated'
}

function nameResult(value: Json): string {
  const text = JSON.stringify(value)
  if (['0', 'false', 'null', '""', '[]', '{}'].includes(text)) return text
  if (hasOtherThanAscii(text)) return 'other than ASCII'
  if (typeof value !== 'string') return 'an object'
  return value.length >= LONG ? 'a long text' : 'a text'
}
