import type { Plan } from './plan/types.ts'

/** A fault that is put on purpose into a runtime of ours, to prove that the harness sees it: what its file says of it. */
export interface Defect {
  /** That of its file. */
  name: string
  /** The scenario that must find it within 300 plans. */
  scenario: string
  /** The id of the invariant or comparison that it breaks. */
  breaks: string
  /** What the broken runtime does, one sentence. */
  does: string
  /** Where somebody else's runtime did so: a document, an upstream issue. */
  source?: string
  /** Its counterexample is no larger than this. */
  smallest: Size
}

/** How much a reader of a plan has to take in. */
export interface Size {
  conversations: number
  answers: number
}

export function sizeOf({ conversations }: Pick<Plan, 'conversations'>): Size {
  const turns = conversations.flatMap(({ turns }) => turns)
  return {
    conversations: conversations.length,
    answers: turns.flatMap(({ answers }) => answers).length,
  }
}

/** Whether something is no larger than a size, in each of its parts. */
export function isWithin(size: Size, most: Size): boolean {
  return size.conversations <= most.conversations && size.answers <= most.answers
}
