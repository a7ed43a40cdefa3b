import { describe, expect, it, vi } from 'vitest'
import { numbered } from '../harness/history/numbered.ts'
import { derive } from '../harness/replay/derive.ts'
import { replayOn } from '../harness/replay/replay.ts'
import { readRecordings } from '../mocks/recordings/formats/read.ts'
import { sharedFolder } from '../mocks/testing/shared-folder.ts'
import { transportNames } from '../mocks/transports.ts'

const shared = sharedFolder()

describe.runIf(shared).each(['openai-loop', 'openai-agents'])(
  'every collected recording on %s (needs ../shared)',
  (name) => {
    it('gives the same history over all three transports and again', async () => {
      // Under any other value @openai/agents switches its tracing off without a word.
      vi.stubEnv('NODE_ENV', 'production')
      const { runtime } = await import(`../runtimes/${name}/adapter.ts`)
      const { recordings } = await readRecordings(`${shared}/recordings/conversations`)
      const replays = recordings.flatMap(({ file }) => derive(file).replays)
      expect(replays.length).toBeGreaterThan(97)
      for (const replay of replays)
        for (const session of replay.sessions) {
          const play = async (transport: (typeof transportNames)[number]) =>
            numbered(await replayOn(runtime, replay, { transport, session, bound: 20_000 }))
          const first = await play('fetch')
          for (const transport of transportNames)
            expect(await play(transport), `${replay.recording} over ${transport}`).toEqual(first)
        }
    })
  },
)
