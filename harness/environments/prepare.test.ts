import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { listDefaultSubjects, listRequestedSubjects } from '../vitest/projects.ts'
import type { Subject } from '../vitest/settings.ts'
import { prepareEnvironment } from './prepare.ts'

let cache = ''
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'prepared-'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(cache, { recursive: true, force: true })
})

const named = (name: string) =>
  [...listDefaultSubjects(), ...listRequestedSubjects()].find((one) => one.name === name) as Subject

test.each([
  ['openai-go-loop', /^openai-go-loop@\S+: found .*ENOENT.*, expected Go on PATH$/],
  ['openai-agents-python', /^uv: found no python3 on PATH, expected Python 3\.10 or later, or uv on PATH$/],
])(
  'on a machine that lacks its language %s is not thrown out: the reason is told by name',
  async (name, reason) => {
    vi.stubEnv('PATH', cache)
    const { unavailable, driver } = await prepareEnvironment(named(name), cache)
    expect(driver).toBeUndefined()
    expect(unavailable).toEqual({ lacking: 'toolchain', reason: expect.stringMatching(reason) })
  },
)

test('without npm another version of an adapter is not to be had, and the one that is here needs nothing', async () => {
  vi.stubEnv('PATH', cache)
  const here = named('openai-agents')
  expect(await prepareEnvironment(here, cache)).toBe(here)
  const { unavailable } = await prepareEnvironment({ ...here, version: '0.19.0' }, cache)
  expect(unavailable?.lacking).toBe('toolchain')
  expect(unavailable?.reason).toMatch(/^openai-agents@0\.19\.0: found no npm on PATH/)
})
