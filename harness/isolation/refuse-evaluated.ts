import { statSync } from 'node:fs'
import type { Plugin } from 'vitest/config'
import { MAX_BYTES } from '../../mocks/limits.ts'

/** Calls whose options Vite evaluates while it transforms a file, in the process of the command. */
const EVALUATED = /import\.meta\s*\.\s*glob|new\s+(?:Shared)?Worker\s*\(\s*new\s+URL/

/**
 * Returns a plugin for Vite that refuses files in which Vite itself would run an expression. Adapters and what they import
 * are code for the worker alone: nothing of them may run in the process of the command. It stands after Vite has turned
 * TypeScript into JavaScript, and before the plugins that evaluate.
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
 * Returns a plugin for Vite that refuses what is no regular file, or is too large, before Vite reads it in the process of the
 * command: a pipe would hold that process for ever.
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
