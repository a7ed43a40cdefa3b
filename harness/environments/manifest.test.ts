import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
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
  ['another language', { language: 'cobol' }, /\$\.language: found "cobol"/],
  ['a variable that starts other code', { env: { PYTHONSTARTUP: 'x' } }, /\$\.env/],
  ['a key that there is not', { versoin: '1' }, /found unknown keys versoin/],
])('%s is told with its place', (_, said, message) => {
  expect(reading({ ...sound, ...said })).toThrow(message)
})

test('a folder without a manifest says so', () => {
  expect(() => readManifest(join(folder, 'nowhere'))).toThrow(
    /manifest\.yaml: file: found nothing, expected a manifest/,
  )
})
