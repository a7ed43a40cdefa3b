import { ID_PREFIXES } from '../request-rules/item-form.ts'
import type { Random } from './random.ts'

/**
 * Makes ids in the form of the live service (SERVICE-FACTS 5, GRAMMAR J67): prefix, 16 hex digits of lineage, 2 of
 * generation, 8 of unix seconds, 24 random ones. All ids of a response and of the responses chained to it have the same
 * lineage.
 */
export interface Ids {
  readonly lineage: string
  makeResponseId(): string
  makeItemId(type: string): string
  makeCallId(): string
}

/**
 * The id prefix of each item type, and of containers. Only the service makes ids for outputs of calls (SERVICE-FACTS 8). The
 * prefixes of tool searches and patches are recorded, that of shell calls is a guess.
 */
const PREFIX: ReadonlyMap<string, string> = new Map([
  ...ID_PREFIXES,
  ['function_call_output', 'fc'],
  ['custom_tool_call_output', 'ctco'],
  ['computer_call_output', 'cuo'],
  ['mcp_approval_response', 'mcpa'],
  ['tool_search_call', 'tsc'],
  ['tool_search_output', 'tso'],
  ['apply_patch_call', 'apc'],
  ['shell_call', 'sh'],
  ['container', 'cntr'],
])

function findPrefix(type: string): string {
  return PREFIX.get(type) ?? 'item'
}

/** Returns a maker of ids. `compaction` gives the generation 01, which the ids of `POST /responses/compact` have. */
export function createIds(
  lineage: string,
  seconds: number,
  random: Random,
  generation: 'plain' | 'compaction' = 'plain',
): Ids {
  const time = seconds.toString(16).padStart(8, '0')
  return {
    lineage,
    makeResponseId: () => `resp_${lineage}${generation === 'plain' ? '00' : '01'}${time}${random.hex(24)}`,
    makeItemId: (type) => `${findPrefix(type)}_${lineage}00${time}${random.hex(24)}`,
    makeCallId: () => `call_${random.hex(24)}`,
  }
}

/** Returns the id of a conversation. Its lineage is at the end, and all its responses have the same lineage. */
export function makeConversationId(lineage: string, seconds: number, random: Random): string {
  return `conv_${seconds.toString(16).padStart(8, '0')}${random.hex(24)}${lineage}`
}

/**
 * Returns the id of an item that was added to a conversation without a response. Its parts have the order of
 * conversation ids (SERVICE-FACTS 12).
 */
export function makeAddedItemId(type: string, lineage: string, seconds: number, random: Random): string {
  return `${findPrefix(type)}_${seconds.toString(16).padStart(8, '0')}${random.hex(26)}${lineage}`
}

/** Returns the lineage in an id of this service. */
export function readLineage(id: string): string {
  return id.startsWith('conv_') ? id.slice(-16) : id.slice(id.indexOf('_') + 1).slice(0, 16)
}
