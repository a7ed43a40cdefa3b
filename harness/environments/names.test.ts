import { expect, test } from 'vitest'
import type { Registry } from './exact.ts'
import { findNameError, findVersionError } from './names.ts'

test.each<[Registry, string]>([
  ['pypi', 'six'],
  ['pypi', 'agent-framework-core'],
  ['pypi', 'zope.interface'],
  ['pypi', 'a'],
  ['npm', 'openai'],
  ['npm', '@openai/agents'],
  ['npm', 'JSONStream'],
  ['go', 'github.com/openai/openai-go/v3'],
  ['go', 'gopkg.in/yaml.v3'],
  ['go', 'example.com/Owner/_x/~y'],
])('%s takes the name %s', (registry, name) => {
  expect(findNameError(name, registry)).toBeUndefined()
})

test.each([
  '',
  ' ',
  '-x',
  '--index-url',
  '.',
  '..',
  './x',
  '../x',
  '/x',
  'x/..',
  'x/../..',
  'x//y',
  'x/',
  '~/x',
  'x y',
  'x\n',
  'x\n--index-url=https://example.invalid',
  'x\u0000',
  'x@1.0.0',
  'x==1.0',
  'x[extra]',
  'npm:x',
  'npm:other@1.0.0',
  'workspace:*',
  'file:../x',
  'link:x',
  'git+ssh://example.invalid/x.git',
  'https://example.invalid/x.tgz',
  'owner/repository',
  '@scope',
  '@/x',
  '@scope/',
  '@scope/..',
  '@../x',
  '@scope/x/y',
  'ａbc',
  '\u0430bc',
  'node_modules/..',
  'x'.repeat(300),
])('no registry takes the name %j', (name) => {
  for (const registry of ['pypi', 'npm', 'go'] as const)
    expect(findNameError(name, registry)).toMatch(/^the /)
})

test.each<[Registry, string]>([
  ['pypi', '@scope/x'],
  ['pypi', 'x-'],
  ['pypi', 'example.com/x'],
  ['npm', 'node_modules'],
  ['npm', '_x'],
  ['npm', 'example.com/x'],
  ['go', 'fmt'],
  ['go', 'Example.com/x'],
  ['go', 'example.com/./x'],
  ['go', 'example.com/-x'],
  ['go', 'example.com/x.'],
  ['go', 'example..com/x'],
  ['go', 'example.com/x@latest'],
])('%s does not take the name %s', (registry, name) => {
  expect(findNameError(name, registry)).toMatch(/^the /)
})

test('a version of no registry is a word of its own', () => {
  for (const version of ['1.2.3', '0.1.0-beta.1+5', '2026.11'])
    expect(findVersionError(version)).toBeUndefined()
  for (const version of ['', '..', '-1', '1/2', '1 2', '1\n', '1\u001b[31m', '9'.repeat(81)])
    expect(findVersionError(version)).toMatch(/^a version/)
})
