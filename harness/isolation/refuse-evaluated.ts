import { statSync } from 'node:fs'
import type { Plugin } from 'vitest/config'
import { MAX_BYTES } from '../../mocks/limits.ts'

/** Calls whose options Vite evaluates while it transforms a file, in the process of the command. */
const EVALUATED = /import\.meta\s*\.\s*glob|new\s+(?:Shared)?Worker\s*\(\s*new\s+URL/

/**
 * Returns a Vite plugin that refuses files in which Vite itself would run an expression. Adapters and their imports
 * must not run in the process of the command. The plugin runs after TypeScript became JavaScript, and before the
 * plugins that evaluate.
 */
export function refuseEvaluated(): Plugin {
  return {
    name: 'conformance:refuse-evaluated',
    transform(code, id) {
      const found = EVALUATED.exec(code)?.[0]
      if (found !== undefined)
        throw new Error(`${id}: found ${found}, expected code that needs no bundler: it is not loaded`)
    },
  }
}

/**
 * Returns a Vite plugin that refuses anything but a regular file of a normal size. Vite reads files in the process of
 * the command, and a pipe would block that process for ever.
 */
export function refuseOddFiles(): Plugin {
  return {
    name: 'conformance:refuse-odd-files',
    enforce: 'pre',
    load(id) {
      const [path = ''] = id.split('?')
      const status = path.startsWith('/') ? statSync(path, { throwIfNoEntry: false }) : undefined
      if (status !== undefined && (!status.isFile() || status.size > MAX_BYTES))
        throw new Error(`${path}: found no regular file of at most ${MAX_BYTES} bytes: it is not loaded`)
    },
  }
}
