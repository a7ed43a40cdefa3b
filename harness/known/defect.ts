import { z } from 'zod'
import type { Plan } from '../plan/types.ts'
import { type SourceEdit, sourceEditsSchema } from './source-edits.ts'

const size = z.strictObject({ conversations: z.int().min(1), answers: z.int().min(0) })

const schema = z.object({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/),
  scenario: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/),
  breaks: z.string().min(1),
  cause: z.string().min(1).max(200),
  does: z.string().regex(/^[A-Z].{20,}\.$/),
  source: z.string().min(10).optional(),
  smallest: size,
  edits: sourceEditsSchema.optional(),
})

/** A bug that a file adds to one of our runtimes on purpose, to prove that the harness finds it. */
export interface Defect {
  /** The name of its file, without `.ts`. */
  name: string
  /** The scenario that must find it. */
  scenario: string
  /** The id of the invariant or comparison that the defect breaks. */
  breaks: string
  /** The cause of the violation that must be found. */
  cause: string
  /** What the broken runtime does, in one sentence. */
  does: string
  /** Upstream issue or document that reports this bug in a real runtime. */
  source?: string
  /** The maximum size of the counterexample. */
  smallest: Size
  /** The changes to the source of the runtime. Absent if the file replaces parts of the runtime instead. */
  edits?: SourceEdit[]
}

/** The size of a plan, as its reader sees it. */
export interface Size {
  conversations: number
  answers: number
}

/** Returns the data of a defect from the default export of its file, without the code. Throws an error that names `file`. */
export function readDefect(given: unknown, file: string): Defect {
  const { data, error } = schema.safeParse(given)
  if (error) throw new Error(`${file}: ${z.prettifyError(error).replaceAll('\n', ' ')}`)
  const { source, edits, ...defect } = data
  if (`${defect.name}.ts` !== file)
    throw new Error(`${file}: found the name ${defect.name}, expected the name of the file`)
  return { ...defect, ...(source === undefined ? {} : { source }), ...(edits === undefined ? {} : { edits }) }
}

export function measureSize({ conversations }: Pick<Plan, 'conversations'>): Size {
  const turns = conversations.flatMap(({ turns }) => turns)
  return {
    conversations: conversations.length,
    answers: turns.flatMap(({ answers }) => answers).length,
  }
}

/** Returns whether no part of a size is larger than the same part of `most`. */
export function isWithin(size: Size, most: Size): boolean {
  return size.conversations <= most.conversations && size.answers <= most.answers
}
