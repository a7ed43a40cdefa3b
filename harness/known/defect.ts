import { z } from 'zod'
import type { Plan } from '../plan/types.ts'

const size = z.strictObject({ conversations: z.int().min(1), answers: z.int().min(0) })

const schema = z.object({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/),
  scenario: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/),
  breaks: z.string().min(1),
  does: z.string().regex(/^[A-Z].{20,}\.$/),
  source: z.string().min(10).optional(),
  smallest: size,
})

/** A fault that is put on purpose into a runtime of ours, to prove that the harness sees it: what its file says of it. */
export interface Defect {
  /** That of its file. */
  name: string
  /** The scenario that must find it. */
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

/** How much a reader of a plan has to take in. What the model says beyond the answers of a plan is a plain text. */
export interface Size {
  conversations: number
  answers: number
}

/** What a defect's file exports by default, without its code. Throws where that is none; `file` names it in the error. */
export function readDefect(given: unknown, file: string): Defect {
  const { data, error } = schema.safeParse(given)
  if (error) throw new Error(`${file}: ${z.prettifyError(error).replaceAll('\n', ' ')}`)
  const { source, ...defect } = data
  if (`${defect.name}.ts` !== file)
    throw new Error(`${file}: found the name ${defect.name}, expected the file's`)
  return source === undefined ? defect : { ...defect, source }
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
