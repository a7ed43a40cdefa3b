import { z } from 'zod'
import { type SourceEdit, sourceEditsSchema } from './source-edits.ts'

const declarationsSchema = z.strictObject({
  without: z.array(z.string()).min(1).optional(),
  retries: z.strictObject({ most: z.int().min(0), docs: z.string().min(10) }).optional(),
  caughtHooks: z.record(z.string(), z.string().min(10)).optional(),
})

const schema = z.object({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/),
  does: z.string().regex(/^[A-Z].{20,}\.$/),
  source: z.string().min(10),
  edits: sourceEditsSchema.optional(),
  declares: declarationsSchema.optional(),
})

/** Another legal behaviour that a file adds to one of our runtimes, to prove that the harness raises no false alarm. */
export interface Variant {
  /** The name of its file, without `.ts`. */
  name: string
  /** What the runtime does in another way, in one sentence. */
  does: string
  /** A document, a real runtime or a reason that shows that the behaviour is legal. */
  source: string
  /** The changes to the source of the runtime. Absent if the file replaces parts of the runtime instead. */
  edits?: SourceEdit[]
  /** What the runtime declares in another way, because of the behaviour. */
  declares?: Declarations
}

/** What a variant declares in another way than its runtime does. */
export interface Declarations {
  /** Capabilities that the variant lacks. */
  without?: string[]
  /** How often the variant repeats a request. */
  retries?: { most: number; docs: string }
  /** Hooks whose exceptions are caught, by the name of the hook, with what the documentation says of that. */
  caughtHooks?: Record<string, string>
}

/** Returns the data of a variant from the default export of its file, without the code. Throws an error that names `file`. */
export function readVariant(given: unknown, file: string): Variant {
  const { data, error } = schema.safeParse(given)
  if (error) throw new Error(`${file}: ${z.prettifyError(error).replaceAll('\n', ' ')}`)
  if (`${data.name}.ts` !== file)
    throw new Error(`${file}: found the name ${data.name}, expected the name of the file`)
  const { name, does, source, edits, declares } = data
  return {
    ...{ name, does, source },
    ...(edits === undefined ? {} : { edits }),
    ...(declares === undefined ? {} : { declares: readDeclarations(declares) }),
  }
}

/** Returns the declarations in the file of a variant. Throws if they have another form. */
export function readDeclarations(given: unknown): Declarations {
  const { without, retries, caughtHooks } = declarationsSchema.parse(given)
  return {
    ...(without === undefined ? {} : { without }),
    ...(retries === undefined ? {} : { retries }),
    ...(caughtHooks === undefined ? {} : { caughtHooks }),
  }
}
