import { describe, expect, it } from 'vitest'
import { exitCodes } from './exit-codes.ts'
import { losses, replayLost } from './testing/lost-runtimes.ts'

describe('conform replay, where the runtime loses its process', () => {
  it.each(Object.keys(losses) as (keyof typeof losses)[])(
    'never ends as if all were well: it %s',
    async (loss) => {
      // All promises are asked of a bare plan: that the process survives, or that a run settles, is seen to be broken.
      const bare = loss.endsWith('opened') ? exitCodes.violated : exitCodes.harness
      expect(await replayLost(loss, 'bare')).toBe(bare)
      for (const scenario of ['sessions', 'of-nobody'])
        expect(await replayLost(loss, { scenario })).toBe(exitCodes.harness)
    },
  )
})
