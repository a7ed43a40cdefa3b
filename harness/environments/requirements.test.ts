import { expect, test } from 'vitest'
import { applyPins, listPins, listRequirements } from './requirements.ts'

const manifest = {
  package: 'core',
  requires: ['core-openai=={version}', 'opentelemetry-sdk>=1.30,<2'],
  versions: { '1.0.1': ['Core_OpenAI==1.0.0', 'extra[all]==2.0'], '0.9.0': ['!core-openai'] },
  with: { 'core-openai<2': ['old-http<1'], 'core-openai>=1.5': ['!opentelemetry-sdk'] },
}

test('the version that was asked for is put in', () => {
  expect(listRequirements(manifest, '1.2.0')).toEqual([
    'core==1.2.0',
    'core-openai==1.2.0',
    'opentelemetry-sdk>=1.30,<2',
  ])
})

test('what a version says of a package stands in the place of the rule, however the name is spelled', () => {
  const found = ['core==1.0.1', 'opentelemetry-sdk>=1.30,<2', 'Core_OpenAI==1.0.0', 'extra[all]==2.0']
  expect(listRequirements(manifest, '1.0.1')).toEqual(found)
})

test('a version can do without a package', () => {
  expect(listRequirements(manifest, '0.9.0')).toEqual(['core==0.9.0', 'opentelemetry-sdk>=1.30,<2'])
})

test('only what is bound to one version is a pin', () => {
  const given = ['a==1.0', 'b>=1', 'c==1.*', 'd>=1,==1.2', 'e[x]==2.0', 'f']
  expect(listPins(given)).toEqual(['a==1.0', 'e[x]==2.0'])
})

test('the pins of a lock are those that were asked for, and those beside them', () => {
  const hashed = (pin: string) => `${pin} \\\n    --hash=sha256:00 \\\n    --hash=sha256:11\n`
  const lock = [
    '# core@1.2.0',
    'a-b==1.0rc1',
    "colorama==0.4.6 ; os_name == 'nt'",
    'core==1.2.0',
    'core-openai==1.2.0',
  ]
  expect(applyPins(manifest, '1.2.0', lock.map(hashed).join(''))).toEqual({
    named: ['core==1.2.0', 'core-openai==1.2.0'],
    beside: ['a-b==1.0rc1', 'colorama==0.4.6'],
  })
})

test('a chosen version stands in the place of every rule, keeps the extras, and brings what its condition needs', () => {
  const chosen = listRequirements(manifest, '1.0.1', { extra: '3.0', 'core-openai': '1.4.0' })
  expect(chosen).toEqual([
    'core==1.0.1',
    'opentelemetry-sdk>=1.30,<2',
    'Core_OpenAI==1.4.0',
    'extra[all]==3.0',
    'old-http<1',
  ])
  const newer = listRequirements(manifest, '1.2.0', { 'core-openai': '1.5.0' })
  expect(newer).toEqual(['core==1.2.0', 'core-openai==1.5.0', 'old-http<1'])
})

test('a condition counts prereleases as versions of their order', () => {
  expect(listRequirements(manifest, '1.2.0', { 'core-openai': '2.0.0rc1' })).not.toContain(
    'opentelemetry-sdk',
  )
  expect(listRequirements(manifest, '1.2.0', { 'core-openai': '1.4.0rc1' })).toContain('old-http<1')
})
