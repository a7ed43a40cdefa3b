import { sessionModes } from '../schema.ts'
import type { Plan } from '../types.ts'
import { buildCapabilityValues, buildValues, type Word } from './word.ts'

/** The most changes of the first conversation in an order that counts as an order with few changes. */
const FEW_CHANGES = 3

/** Words about the conversations of a plan and their order. */
export const shapeWords: readonly Word[] = [
  {
    name: 'conversations',
    values: buildValues(['1', '2', '3 or 4', '5 or more']),
    read: ({
      plan: {
        conversations: { length },
      },
    }) => [length < 3 ? String(length) : length < 5 ? '3 or 4' : '5 or more'],
  },
  {
    // The longest conversation decides.
    name: 'turns',
    values: buildValues(['1', '2', '3 or more']),
    read({ plan: { conversations } }) {
      const most = Math.max(...conversations.map(({ turns }) => turns.length))
      return [most < 3 ? String(most) : '3 or more']
    },
  },
  {
    name: 'delivery',
    values: buildValues(['none', 'few changes', 'many changes']),
    read: ({ plan: { delivery } }) => [nameDelivery(delivery)],
  },
  {
    name: 'session',
    values: buildCapabilityValues(sessionModes),
    read: ({ plan: { conversations } }) => conversations.map(({ session }) => session),
  },
  {
    name: 'store',
    values: buildValues(['true', 'false']),
    read: ({ plan: { conversations } }) => conversations.map(({ store }) => String(store)),
  },
  {
    name: 'as',
    values: buildValues(['task', 'thread'], ['threads']),
    read: ({ plan: { conversations } }) => conversations.flatMap(({ as }) => as ?? []),
  },
  {
    name: 'instructions of a second provider',
    values: buildValues(['some'], ['added-instructions']),
    read: ({ turns }) => turns.flatMap(({ adds }) => (adds === undefined ? [] : 'some')),
  },
  {
    name: 'cleanup hooks',
    values: { '2': ['cleanup', 'two-cleanups'] },
    read: ({ turns }) => turns.flatMap(({ cleanups }) => (cleanups === undefined ? [] : String(cleanups))),
  },
  {
    name: 'target',
    values: buildValues(['same', 'fresh-workflow']),
    read: ({ turns }) => turns.map(({ target }) => target),
  },
]

/** Returns whether an order is absent, or how often another conversation comes first. */
function nameDelivery(delivery: Plan['delivery']): string {
  if (delivery.length === 0) return 'none'
  const changes = delivery.filter((number, at) => at > 0 && number !== delivery[at - 1]).length
  return changes <= FEW_CHANGES ? 'few changes' : 'many changes'
}
