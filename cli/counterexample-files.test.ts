import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildFileNames } from './counterexample-files.ts'

const broken = {
  runtime: 'mine',
  version: '1.0.0',
  scenario: 'sessions',
  invariant: 'calls-answered',
}
const nameOf = (part: object) => buildFileNames([{ ...broken, ...part }])[0]?.[1] ?? ''

const long = 'a'.repeat(69)

describe('the name of a counterexample’s file', () => {
  it('is made of what it breaks, as it is where nothing in it must be changed', () => {
    expect(nameOf({})).toBe('mine--1.0.0--sessions--calls-answered')
    expect(nameOf({ version: '' })).toBe('mine----sessions--calls-answered')
    expect(nameOf({ cause: 'chat span, run failed' })).toBe(
      'mine--1.0.0--sessions--calls-answered--chat-span-run-failed',
    )
  })

  it.each<[string, object, object]>([
    [
      'ids that share their first 69 letters',
      ...two('scenario', `recordings/${long}-one`, `recordings/${long}-two`),
    ],
    ['ids of which one is cut', ...two('scenario', long + long, long + long.slice(1))],
    ['a case and a scenario', ...two('scenario', 'a/b', 'a-b')],
    ['a path and a name', ...two('runtime', './a/mine', 'a-mine')],
    ['two paths', ...two('runtime', '/x/mine', '/x-mine')],
    ['a scope and none', ...two('runtime', '@scope/x', 'scope-x')],
    ['a space and a dash', ...two('runtime', 'a b', 'a-b')],
    ['one space and two', ...two('runtime', 'a b', 'a  b')],
    ['names in other letters', ...two('runtime', 'агент', 'робот')],
    ['capitals, where a file system knows none', ...two('runtime', 'Mine', 'mine')],
    ['nothing and a dash', ...two('version', '', '-')],
    ['causes of the same words', ...two('cause', 'chat span, run failed', 'chat span: run failed')],
    ['causes in other letters', ...two('cause', 'агент', 'робот')],
    ['a part that runs into the next', { runtime: 'a', version: 'b--c' }, { runtime: 'a--b', version: 'c' }],
  ])('differs for %s', (_, one, other) => {
    const names = buildFileNames([one, other].map((part) => ({ ...broken, ...part }))).map(([, name]) => name)
    expect(names[0]?.toLowerCase()).not.toBe(names[1]?.toLowerCase())
  })

  it.each([
    '..',
    '../..',
    '/etc/passwd',
    '.hidden',
    '--json',
    '-rf',
    'a\nb',
    'a\u0000b',
    'a\\b',
    'C:x',
    '~',
    'a*?',
  ])('has nothing of %j in it that leads elsewhere', (runtime) => {
    expect(nameOf({ cause: runtime })).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]*$/)
    expect(nameOf({ cause: runtime })).not.toContain('..')
    expect(nameOf({ runtime })).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]*$/)
    expect(nameOf({ runtime })).not.toContain('..')
  })

  it('is short enough for every file system, and no two of one run are the same', () => {
    const texts = fc.string({ unit: 'binary', maxLength: 300 })
    const verdicts = fc.uniqueArray(
      fc.record({ runtime: texts, version: texts, scenario: texts, invariant: texts, cause: texts }),
      { selector: (one) => JSON.stringify(one), maxLength: 20 },
    )
    fc.assert(
      fc.property(verdicts, (all) => {
        const names = buildFileNames(all).map(([, name]) => name)
        expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(all.length)
        for (const name of names) expect(Buffer.byteLength(name)).toBeLessThan(240)
      }),
    )
  })
})

function two(part: string, one: string, other: string): [object, object] {
  return [{ [part]: one }, { [part]: other }]
}
