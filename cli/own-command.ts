import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { toPrintable } from '../mocks/printable.ts'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[/\\]$/, '')

/** Returns a command line of this project that runs as it is printed, from the folder in which the user is. */
export function formatCommand(args: string): string {
  const clone = relative(process.cwd(), root)
  return `npx --yes pnpm@12 ${clone === '' ? '' : `-C ${quoteForShell(clone)} `}conform ${args}`
}

/** Returns a word in quotes, if a shell would not take the word as it is. */
export function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${toPrintable(word, 4_000).replaceAll("'", "'\\''")}'`
}
