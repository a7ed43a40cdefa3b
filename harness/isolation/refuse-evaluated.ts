import type { Plugin } from 'vitest/config'

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
