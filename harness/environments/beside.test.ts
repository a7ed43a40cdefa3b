import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildReleasePath, formatRelease, readBeside } from './beside.ts'
import { lockPath } from './lock.ts'
import type { Manifest } from './manifest.ts'

const manifest: Manifest = {
  name: 'mine',
  folder: '/mine',
  about: 'x',
  language: 'python',
  driver: 'driver.py',
  package: 'instrumentation',
  version: '0.9.0',
  python: '>=3.11',
  requires: ['Agent_Scope==2.0.10', 'sdk>=1,<2'],
  versions: { '0.5.0': ['!sdk', 'agent-scope==1.0.10'] },
  with: { 'agent-scope<2': ['mcp<2'] },
  oldest: { 'agent-scope': '1.0.5' },
  env: {},
  builds: [],
}

test.each([
  ['as the registry spells it', '0.9.0', ['agent.scope@1.0.19'], { 'agent-scope': '1.0.19' }],
  ['two packages', '0.9.0', ['sdk@1.30.0', 'agent-scope@1.0.19'], { sdk: '1.30.0', 'agent-scope': '1.0.19' }],
  [
    'what another choice needs',
    '0.9.0',
    ['agent-scope@1.0.19', 'mcp@1.2.0'],
    { 'agent-scope': '1.0.19', mcp: '1.2.0' },
  ],
  ['nothing where the manifest says the same', '0.9.0', ['agent-scope@2.0.10'], {}],
  ['nothing where the table of versions says the same', '0.5.0', ['agent-scope@1.0.10'], {}],
  ['the lowest version', '0.9.0', ['agent-scope@1.0.5'], { 'agent-scope': '1.0.5' }],
])('a choice is read: %s', (_, version, asked, beside) => {
  expect(readBeside(manifest, version, asked)).toEqual({ beside })
})

test.each([
  ['no version', '0.9.0', ['agent-scope'], '"agent-scope"', 'PACKAGE@VERSION'],
  ['a tag', '0.9.0', ['agent-scope@latest'], '"agent-scope@latest"', 'an exact version of PEP 440'],
  ['a range', '0.9.0', ['agent-scope@>=1'], '"agent-scope@>=1"', 'an exact version of PEP 440'],
  ['two lines', '0.9.0', ['agent-scope@1.0\n-r x'], '"agent-scope@1.0\n-r x"', 'an exact version of PEP 440'],
  ['a path', '0.9.0', ['agent-scope@../../x'], '"agent-scope@../../x"', 'an exact version of PEP 440'],
  ['a near name', '0.9.0', ['agentscop@1.0.19'], 'the package "agentscop"', 'perhaps agent-scope'],
  ['a far name', '0.9.0', ['requests@2.0'], 'the package "requests"', 'one of agent-scope, sdk'],
  ['an option', '0.9.0', ['--index-url@1.0'], 'the package "-index-url"', 'one of agent-scope, sdk'],
  [
    'a package that the version leaves out',
    '0.5.0',
    ['sdk@1.30.0'],
    'the package "sdk"',
    'one of agent-scope',
  ],
  ['what only another choice needs', '0.9.0', ['mcp@1.2.0'], 'the package "mcp"', 'one of agent-scope, sdk'],
  ['one package twice', '0.9.0', ['sdk@1.30.0', 'SDK@1.31.0'], 'SDK twice', 'one version of each package'],
  [
    'the runtime itself',
    '0.9.0',
    ['instrumentation@0.8.0'],
    '"instrumentation@0.8.0"',
    'mine@0.8.0 as the runtime',
  ],
  [
    'an old version',
    '0.9.0',
    ['agent-scope@1.0.5rc1'],
    '"agent-scope@1.0.5rc1"',
    'agent-scope 1.0.5 or later',
  ],
])('a wrong choice is told: %s', (_, version, asked, found, expected) => {
  const read = readBeside(manifest, version, asked)
  expect(read).toEqual({ wrong: { found, expected: expect.stringContaining(expected) } })
})

test('a runtime with nothing beside it lists no package', () => {
  const bare = { ...manifest, requires: [] }
  expect(readBeside(bare, '0.9.0', ['sdk@1.0'])).toMatchObject({
    wrong: { expected: /^no package, because/ },
  })
})

const name = fc.stringMatching(/^[a-c]([-_.]?[a-c1-3]){0,4}$/)
const version = fc.stringMatching(/^[1-3]\.[0-3](rc1)?$/)
const choice = fc.record({ version, beside: fc.dictionary(name, version, { maxKeys: 3 }) })

test('two releases share a lock file only if they are the same', () => {
  const spelled = (beside: Record<string, string>) =>
    Object.entries(beside)
      .map(([one, chosen]) => [one.replace(/[-_.]+/g, '-'), chosen])
      .sort()
  fc.assert(
    fc.property(choice, choice, (one, other) => {
      const isSame =
        one.version === other.version &&
        JSON.stringify(spelled(one.beside)) === JSON.stringify(spelled(other.beside))
      const paths = [one, other].map((each) => lockPath(manifest, each.version, each.beside))
      expect(paths[0] === paths[1]).toBe(isSame)
    }),
  )
})

test('without a choice the names are those of the version', () => {
  expect([formatRelease('0.9.0'), buildReleasePath('0.9.0', {})]).toEqual(['0.9.0', '0.9.0'])
  const beside = { sdk: '1.30.0', 'agent-scope': '1.0.19' }
  expect(formatRelease('0.9.0', beside)).toBe('0.9.0 with agent-scope@1.0.19 with sdk@1.30.0')
  expect(buildReleasePath('0.9.0', beside)).toBe('0.9.0--agent-scope-1.0.19--sdk-1.30.0')
})
