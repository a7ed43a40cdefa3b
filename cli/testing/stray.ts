import type { Run, Runtime } from '../../harness/contract/runtime.ts'
import { runtime as whole } from '../../runtimes/openai-loop/adapter.ts'

/** The runtime of openai-loop, with something else done when it is opened for the second time, and each time after. */
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

/** The runtime of openai-loop, with other runs in the place of its own. */
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

/** The runtime of openai-loop, which leaves a rejection to nobody when it is opened for the n-th time, counted from 1. */
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
