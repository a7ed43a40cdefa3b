import type { Run, Runtime } from '../../harness/contract/runtime.ts'
import { runtime as whole } from '../../runtimes/openai-loop/adapter.ts'

/** Returns the runtime openai-loop, changed to call `does` at its second and each later opening. */
export function strayFromSecondOpening(name: string, does: () => unknown): Runtime {
  let opened = 0
  return {
    ...whole,
    name,
    async open(world) {
      opened++
      if (opened >= 2) await does()
      return whole.open(world)
    },
  }
}

/** Returns the runtime openai-loop with its runs replaced by those of `stray`. */
export function strayRuns(name: string, stray: (run: Run) => unknown): Runtime {
  return {
    ...whole,
    name,
    async open(world) {
      const team = await whole.open(world)
      return { ...team, start: (request) => stray(team.start(request)) as Run }
    },
  }
}

/** Returns the runtime openai-loop, changed to leave a rejection unhandled at its n-th opening, counted from 1. */
export function strayRejectingAt(name: string, nth: number): Runtime {
  let opened = 0
  return {
    ...whole,
    name,
    open(world) {
      opened++
      if (opened === nth) Promise.reject(new Error('nobody waits for this'))
      return whole.open(world)
    },
  }
}
