import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readExactDependencies, readPublishedPackage } from './published.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'published-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function having(said: object) {
  writeFileSync(join(folder, 'package.json'), JSON.stringify(said))
}

test('an adapter says which of its dependencies is the runtime', () => {
  having({ runtime: '@scope/x', dependencies: { '@scope/x': '1.2.3', y: '2.0.0-beta.1' } })
  const scoped = { registry: 'npm', package: '@scope/x', version: '1.2.3', oldest: {} }
  expect(readPublishedPackage(folder)).toEqual(scoped)
  expect(readExactDependencies(folder).dependencies).toEqual([
    ['@scope/x', '1.2.3'],
    ['y', '2.0.0-beta.1'],
  ])
})

test('an adapter that names no runtime may have what dependencies it likes: none is installed by us', () => {
  having({ dependencies: { x: '^1.0.0' } })
  expect(readPublishedPackage(folder)).toBeUndefined()
})

const versions = [
  '^1.2.3',
  '~1.2.3',
  '>=1.0.0',
  '1.x',
  '*',
  '',
  'latest',
  '1.2.3 || 2.0.0',
  ' 1.2.3',
  '1.2.3\n',
  'npm:other@1.0.0',
  'workspace:*',
  'workspace:1.2.3',
  'catalog:',
  'file:../evil',
  'link:../evil',
  '../evil',
  'git+ssh://example.invalid/x.git',
  'owner/repository',
  'github:owner/repository',
  'https://example.invalid/x.tgz',
  'v1.2.3',
  '１.2.3',
]

test.each(versions)('a dependency at %j is refused with its file and place', (version) => {
  having({ runtime: 'x', dependencies: { x: version } })
  expect(() => readPublishedPackage(folder)).toThrow(
    /package\.json: \$\.dependencies\["x"\]: found .*expected an exact/,
  )
  having({ runtime: 'x', dependencies: { x: '1.0.0', y: version } })
  expect(() => readExactDependencies(folder)).toThrow(
    /package\.json: \$\.dependencies\["y"\]: found .*expected an exact version/,
  )
})

test.each(['--registry', '../evil', '.', 'x@1.0.0', 'npm:x', 'x\ny', 'x y', 'node_modules', '__proto__/x'])(
  'a package called %j is refused with its file and place',
  (name) => {
    having({ runtime: name, dependencies: { [name]: '1.0.0' } })
    expect(() => readPublishedPackage(folder)).toThrow(/package\.json: \$\.runtime: found /)
    expect(() => readExactDependencies(folder)).toThrow(/package\.json: \$\.dependencies: found /)
  },
)
