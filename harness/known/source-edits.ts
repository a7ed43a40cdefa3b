import { z } from 'zod'

/** A change to the source of a runtime: in one file, a text that occurs once becomes another text. */
export interface SourceEdit {
  /** The path of the file in the runtime's folder, for example `telemetry/span.ts`. */
  file: string
  find: string
  replace: string
}

export const sourceEditsSchema = z
  .array(
    z.strictObject({
      file: z.string().regex(/^(?!\/)(?!.*\.\.)[A-Za-z0-9._/-]{1,200}\.ts$/, 'a .ts file of the runtime'),
      find: z.string().min(1),
      replace: z.string(),
    }),
  )
  .min(1)
  .max(20)

const KEY = 'edits'

/** Returns the edits as the query of a module's address. A module with other edits is another module. */
export function formatEdits(edits: readonly SourceEdit[]): string {
  return `?${KEY}=${Buffer.from(JSON.stringify(edits)).toString('base64url')}`
}

/** Returns the edits in a module's address, or undefined if it has none. */
export function parseEdits(address: string): SourceEdit[] | undefined {
  const [, query = ''] = address.split('?')
  const written = new URLSearchParams(query).get(KEY)
  if (written === null) return undefined
  return sourceEditsSchema.parse(JSON.parse(Buffer.from(written, 'base64url').toString()))
}

/** Returns the source of a file after its edits. Throws if the text of an edit does not occur exactly once. */
export function applyEdits(source: string, file: string, edits: readonly SourceEdit[]): string {
  return edits
    .filter((edit) => edit.file === file)
    .reduce((text, { find, replace }) => {
      const count = text.split(find).length - 1
      if (count !== 1)
        throw new Error(`${file}: found ${JSON.stringify(find)} ${count} times, expected once, to edit it`)
      return text.replace(find, () => replace)
    }, source)
}
