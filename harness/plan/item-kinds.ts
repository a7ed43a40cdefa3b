import type { Item } from '../../mocks/service/types.ts'

/** Returns whether an item is a message or a further part of one: a text or a refusal. */
export function isMessage(item: Item | undefined): item is Item & { type: 'text' | 'refusal' } {
  return item?.type === 'text' || item?.type === 'refusal'
}
