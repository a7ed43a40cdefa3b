import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Runtime } from '../contract/runtime.ts'
import { formatPlan } from '../plan/codec.ts'
import { createPlainPlan } from '../testing/plans.ts'
import { buildCases } from '../vitest/cases.ts'
import { buildDefaults } from '../vitest/settings.ts'
import { readKeptPlans } from './kept-plans.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conform-kept-'))
  await writeFile(join(folder, 'a-plan.json'), formatPlan(createPlainPlan()))
  await writeFile(join(folder, 'broken.json'), '{"schema": 1')
  await writeFile(join(folder, 'notes.md'), 'no plan')
  await mkdir(join(folder, 'folder.json'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('readKeptPlans', () => {
  const kept = () => readKeptPlans(pathToFileURL(`${folder}/`))

  it('returns each plan by the name of its file, and an error for each invalid file', () => {
    expect(Object.keys(kept())).toEqual(['a-plan', 'broken', 'folder'])
    expect(kept()['a-plan']).toEqual(createPlainPlan())
    expect(String(kept()['broken'])).toMatch(/broken\.json.*expected JSON/)
    expect(String(kept()['folder'])).toMatch(/folder\.json.*found a folder, expected a regular file/)
  })

  it('returns the other plans if one cannot be read', async () => {
    const runtime: Pick<Runtime, 'name' | 'supports'> = {
      name: 'any',
      supports: new Set(['history', 'stream', 'same-context']),
    }
    const scenario = { about: 'Some.', source: 'Some.', cases: kept() }
    const [sound, broken] = await buildCases('regressions', scenario, runtime, buildDefaults(new Date(0)))
    expect([...(sound?.plans ?? [])]).toEqual([createPlainPlan()])
    expect(() => [...(broken?.plans ?? [])]).toThrow(/broken\.json/)
  })
})
