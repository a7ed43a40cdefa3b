import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readBaseline } from '../harness/known/baseline.ts'
import { readZooRows } from '../harness/known/zoo.ts'
import { formatPlan } from '../harness/plan/codec.ts'
import { createPlainPlan } from '../harness/testing/plans.ts'
import { resolveInsideFolder } from './inside-folder.ts'

let root = ''
let folder = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'inside-'))
  folder = join(root, 'mine')
  mkdirSync(folder)
  for (const place of [root, folder]) writeFileSync(join(place, 'plan.json'), formatPlan(createPlainPlan()))
  writeFileSync(join(folder, 'driver.py'), '')
  const said = { about: 'x', language: 'python', driver: 'driver.py', package: 'six', version: '1.0.0' }
  writeFileSync(join(folder, 'manifest.yaml'), JSON.stringify(said))
  symlinkSync('../plan.json', join(folder, 'link.json'))
  symlinkSync('..', join(folder, 'up'))
  symlinkSync('plan.json', join(folder, 'beside.json'))
  symlinkSync('nowhere.json', join(folder, 'dangling.json'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

describe('pathInside', () => {
  const asked = (named: string) => () =>
    resolveInsideFolder(folder, named, { file: 'some.yaml', place: '$.plan' })

  it('gives what is in the folder, also by a link that stays in it', () => {
    expect(asked('plan.json')()).toBe(asked('beside.json')())
    expect(asked('.')()).toBe(asked('up/mine')())
  })

  it.each(['link.json', 'up/plan.json', '../plan.json', 'up', '..', 'up/mine/../plan.json'])(
    'refuses %s, which leads out of it',
    (named) => {
      expect(asked(named)).toThrow(
        `some.yaml: $.plan: found ${named}, which leads out of its folder, expected a file inside the folder`,
      )
    },
  )

  it.each(['dangling.json', 'nowhere.json', 'plan.json/x'])('refuses %s, which is not there', (named) => {
    expect(asked(named)).toThrow(`some.yaml: $.plan: found ${named}, expected a file that exists`)
  })
})

const plans: [string, string][] = [
  ['a link out of the folder', 'link.json'],
  ['a file behind a link out of the folder', 'up/plan.json'],
  ['a file above it', '../plan.json'],
  ['an absolute path', '/etc/passwd.json'],
  ['an address', 'https://example.invalid/plan.json'],
  ['a name of two lines', 'plan.json\n'],
  ['a file that is not there', 'other.json'],
]

describe('a row of zoo.yaml', () => {
  const sound = {
    seed: 'a-bug',
    version: '1.0.0',
    scenario: 'sessions',
    plan: 'plan.json',
    invariant: 'calls-answered',
    colour: 'red',
    link: 'https://example.invalid',
  }
  const reading = (row: object) => {
    writeFileSync(join(folder, 'zoo.yaml'), JSON.stringify([{ ...sound, ...row }]))
    return () => readZooRows(folder)
  }

  it('is read', () => {
    expect(reading({})()).toMatchObject([{ version: '1.0.0', file: 'plan.json' }])
  })

  it.each<[string, object, string]>([
    ...plans.map(([what, plan]): [string, object, string] => [`a plan that is ${what}`, { plan }, 'plan']),
    ['a range', { version: '>=1.0' }, 'version'],
    ['a tag', { version: 'latest' }, 'version'],
    ['a version that is a path', { version: '../../x' }, 'version'],
    ['a version that is an address', { version: 'git+https://example.invalid/x' }, 'version'],
    ['a version with an option behind it', { version: '1.0.0\n--index-url x' }, 'version'],
    ['a version of npm, where PyPI has it', { version: '1.0.0-beta.1' }, 'version'],
    ['a scenario that is a path', { scenario: '../x' }, 'scenario'],
    ['a seed that is an option', { seed: '--row' }, 'seed'],
    ['an invariant that there is not', { invariant: 'none' }, 'invariant'],
  ])('is refused for %s', (_, row, key) => {
    expect(reading(row)).toThrow(`zoo.yaml: $[0].${key}: found `)
  })
})

describe('an entry of known.yaml', () => {
  const sound = {
    scenario: 'sessions',
    invariant: 'calls-answered',
    plan: 'plan.json',
    kind: 'bug',
    reason: 'because',
    since: '2026-11-20',
    expires: '2027-11-20',
  }
  const reading = (entry: object) => {
    writeFileSync(join(folder, 'known.yaml'), JSON.stringify([{ ...sound, ...entry }]))
    return () => readBaseline(folder)
  }

  it('is read', () => {
    const scenario = ['*', 'recordings/an-id']
    expect(reading({ scenario })()).toMatchObject([{ scenario: '*' }, { scenario: 'recordings/an-id' }])
  })

  it.each<[string, object, string]>([
    ...plans.map(([what, plan]): [string, object, string] => [`a plan that is ${what}`, { plan }, 'plan']),
    ['a scenario that is a path', { scenario: '../../etc' }, 'scenario'],
    ['a list with a scenario that is a path', { scenario: ['sessions', '/etc'] }, 'scenario'],
    ['a scenario of two lines', { scenario: 'sessions\nrecordings' }, 'scenario'],
    ['an invariant that there is not', { invariant: '../x' }, 'invariant'],
    ['a date that is none', { expires: '2027-11-20\n' }, 'expires'],
  ])('is refused for %s', (_, entry, key) => {
    expect(reading(entry)).toThrow(`known.yaml: $[0].${key}`)
  })
})
