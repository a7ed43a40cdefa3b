import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readManifest } from './manifest.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'manifest-'))
  writeFileSync(join(folder, 'driver.py'), '')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const sound = {
  about: 'A runtime',
  language: 'python',
  driver: 'driver.py',
  package: 'some-runtime',
  version: '1.2.3',
}

function reading(said: object) {
  writeFileSync(join(folder, 'manifest.yaml'), JSON.stringify(said))
  return () => readManifest(folder)
}

test('what is not said has its usual value', () => {
  expect(reading(sound)()).toMatchObject({ ...sound, python: '>=3.10', requires: [], versions: {}, env: {} })
})

test.each([
  ['a range for a version', { version: '>=1.2' }, /\$\.version: found >=1\.2, expected an exact version/],
  [
    'a version of the table that is none',
    { versions: { latest: [] } },
    /\$\.versions\["latest"\]: found latest/,
  ],
  ['a requirement that is an address', { requires: ['a @ https://x.invalid/a.whl'] }, /\$\.requires\[0\]/],
  ['a requirement that is an option', { requires: ['--index-url=x'] }, /\$\.requires\[0\]/],
  ['a requirement that is a file', { requires: ['./a.whl'] }, /\$\.requires\[0\]/],
  ['a requirement of two lines', { requires: ['a==1\n--no-index'] }, /\$\.requires\[0\]/],
  ['a driver outside its folder', { driver: '../driver.py' }, /\$\.driver: found "\.\.\/driver\.py"/],
  ['a driver that is not there', { driver: 'other.py' }, /\$\.driver: found other\.py, expected a file/],
  [
    'a version of two lines',
    { version: '1.2.3\n' },
    /\$\.version: found 1\.2\.3\\n, expected an exact version/,
  ],
  ['a tag for a version', { version: 'latest' }, /\$\.version: found latest/],
  ['a version in digits that look alike', { version: '１.2.3' }, /\$\.version: found １\.2\.3/],
  ['a version that is a path', { version: '1.2.3/../../x' }, /\$\.version/],
  ['a package that is an option', { package: '--index-url' }, /\$\.package: found --index-url/],
  ['a package that is a path', { package: 'x/../..' }, /\$\.package/],
  ['a package with an option behind it', { package: 'x\n--index-url=y' }, /\$\.package/],
  ['a package that is a module of Go', { package: 'example.com/x' }, /\$\.package/],
  [
    'a module of Go that leads upwards',
    { language: 'go', package: 'example.com/../x' },
    /\$\.package: found example\.com\/\.\.\/x, expected the path of a Go module/,
  ],
  ['a module of Go with its version', { language: 'go', package: 'example.com/x@v1.0.0' }, /\$\.package/],
  ['a module of Go that is an address', { language: 'go', package: 'https://example.com/x' }, /\$\.package/],
  ['a module of Go without a host', { language: 'go', package: 'fmt' }, /\$\.package/],
  ['a requirement with a marker', { requires: ['a; python_version > "3"'] }, /\$\.requires\[0\]/],
  ['a requirement on a file by its hash', { requires: ['a==1 --hash=sha256:0'] }, /\$\.requires\[0\]/],
  ['a requirement with a local version', { requires: ['a==1.0+cpu'] }, /\$\.requires\[0\]/],
  ['a requirement by arbitrary equality', { requires: ['a===1.0'] }, /\$\.requires\[0\]/],
  ['a requirement that ends with a line', { requires: ['a\n'] }, /\$\.requires\[0\]/],
  ['other company that is an address', { versions: { '1.0.0': ['git+https://x'] } }, /\$\.versions/],
  ['a package taken away that is an option', { versions: { '1.0.0': ['!--all'] } }, /\$\.versions/],
  ['a lowest version that is a range', { oldest: { a: '>=1' } }, /\$\.oldest/],
  ['a lowest version of no package', { oldest: { '--a': '1.0' } }, /\$\.oldest/],
  ['no lowest version', { oldest: { a: [] } }, /\$\.oldest/],
  [
    'a lowest version of a module of Go',
    { language: 'go', package: 'example.com/x', oldest: { a: '1.0.0' } },
    /\$\.oldest: found go, expected python/,
  ],
  ['a condition that is an address', { with: { 'a @ https://x.invalid': [] } }, /\$\.with/],
  ['what a choice needs that is an option', { with: { 'a<2': ['--pre'] } }, /\$\.with/],
  ['a build of everything', { builds: [':all:'] }, /\$\.builds\[0\]/],
  ['a build that is an option', { builds: ['-x'] }, /\$\.builds\[0\]/],
  ['a build of two lines', { builds: ['x\ny'] }, /\$\.builds\[0\]/],
  ['a Python that is a path', { python: '/tmp/python' }, /\$\.python/],
  ['a Python of two lines', { python: '>=3.10\n' }, /\$\.python/],
  ['a variable of the loader', { env: { LD_PRELOAD: '/tmp/x.so' } }, /\$\.env/],
  ['a variable of the shell', { env: { BASH_ENV: '/tmp/x' } }, /\$\.env/],
  ['a variable of the network', { env: { HTTPS_PROXY: 'x' } }, /\$\.env/],
  ['a variable with a NUL in it', { env: { OWN: 'a\u0000b' } }, /\$\.env/],
  ['another language', { language: 'cobol' }, /\$\.language: found "cobol"/],
  ['a variable that starts other code', { env: { PYTHONSTARTUP: 'x' } }, /\$\.env/],
  ['a key that there is not', { versoin: '1' }, /found the unknown key versoin, expected perhaps version/],
])('%s is told with its place', (_, said, message) => {
  expect(reading({ ...sound, ...said })).toThrow(message)
})

test('a driver that is a link out of the folder is refused, and one to a file beside it is taken', () => {
  symlinkSync('/etc/hostname', join(folder, 'outside.py'))
  expect(reading({ ...sound, driver: 'outside.py' })).toThrow(
    /\$\.driver: found outside\.py, which leads out of its folder/,
  )
  symlinkSync('driver.py', join(folder, 'inside.py'))
  expect(reading({ ...sound, driver: 'inside.py' })()).toMatchObject({ driver: 'inside.py' })
})

test('what the manifests of this project have of requirements is taken', () => {
  const requires = [
    'a',
    'a-b[extra]',
    'a=={version}',
    'a>=1.30,<2',
    'a~=1.4.2',
    'a != 1.5.*',
    'a==1.0.0b260219',
  ]
  expect(reading({ ...sound, requires, versions: { '1.0.0': ['!a', 'b<2'] } })()).toMatchObject({ requires })
})

test('a folder without a manifest says so', () => {
  expect(() => readManifest(join(folder, 'nowhere'))).toThrow(
    /manifest\.yaml: file: found nothing, expected a manifest/,
  )
})
