import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listManifestAndZooReleases } from '../known/zoo.ts'
import { listRequestedSubjects } from '../vitest/projects.ts'
import { checkLock, isLocked, lockPath, readKeptLock, readOrResolveLock } from './lock.ts'
import { readManifest } from './manifest.ts'

const manifests = listRequestedSubjects()
  .map(({ folder }) => readManifest(folder))
  .filter(({ language }) => language === 'python')

describe.each(manifests)('$name', (manifest) => {
  it.each(listManifestAndZooReleases(manifest))(
    'has a lock file of $version $beside, made from what its manifest says (conform lock)',
    ({ version, beside }) => {
      expect(isLocked(manifest, version, beside)).toBe(true)
      const text = readFileSync(lockPath(manifest, version, beside), 'utf8')
      const packages = text.split(/\n(?! )/).filter((line) => line !== '' && !line.startsWith('#'))
      for (const one of packages)
        expect(one).toMatch(/^[\w.-]+(\[[\w,-]+\])?==[\w.!+]+ (; [^\\]+ )?\\\n +--hash=sha256:[0-9a-f]{64}/)
      expect(packages.length).toBeGreaterThan(0)
      expect(text).not.toMatch(/:\/\/|--\w*index|--find-links/)
      expect(() => checkLock(text, 'its lock')).not.toThrow()
    },
  )
})

const hash = `    --hash=sha256:${'0'.repeat(64)}`

describe('checkLock', () => {
  it('takes packages with their hashes, for some platforms only or for all', () => {
    const lines = [
      '# made by conform lock',
      'a==1.0 \\',
      `${hash} \\`,
      hash,
      "b[c]==2 ; os_name == 'nt' \\",
      hash,
      '',
    ]
    expect(() => checkLock(lines.join('\n'), 'a.txt')).not.toThrow()
  })

  it.each([
    '--index-url https://example.invalid/simple',
    '--extra-index-url=https://example.invalid/simple',
    '-r ../../other.txt',
    '-e ../evil',
    'a @ https://example.invalid/a.whl',
    'a @ file:///tmp/a.whl \\',
    'git+https://example.invalid/a',
    './a.whl',
    'a>=1.0 \\',
    'a \\',
    'a==1.0',
    'a==1.* \\',
    '  --hash=md5:0',
    '# a comment\r--index-url x',
  ])('refuses the line %j', (line) => {
    expect(() => checkLock(`# made\n${line}\n`, 'a.txt')).toThrow(/^a\.txt: line 2: found /)
  })
})

describe('a lock file that is a link', () => {
  let root = ''
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'conform-locks-'))
    mkdirSync(join(root, 'mine'))
    writeFileSync(join(root, '1.0.0.txt'), 'a secret\n')
    writeFileSync(join(root, 'mine', 'driver.py'), '')
    const said = { about: 'x', language: 'python', driver: 'driver.py', package: 'six', version: '1.0.0' }
    writeFileSync(join(root, 'mine', 'manifest.yaml'), JSON.stringify(said))
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  const uv = () => Promise.reject(new Error('uv was asked for'))

  it.each<[string, string, () => void]>([
    ['the folder', 'locks: folder', () => symlinkSync('..', join(root, 'mine', 'locks'))],
    [
      'the file',
      'locks/1.0.0.txt: file',
      () => {
        mkdirSync(join(root, 'mine', 'locks'))
        symlinkSync('../../1.0.0.txt', join(root, 'mine', 'locks', '1.0.0.txt'))
      },
    ],
    ['a dangling folder', 'locks: folder', () => symlinkSync('nowhere', join(root, 'mine', 'locks'))],
  ])('is not read: %s', async (_, place, link) => {
    link()
    const manifest = readManifest(join(root, 'mine'))
    const message = `${join(root, 'mine')}/${place}: found a link, expected a `
    expect(() => readKeptLock(manifest, '1.0.0')).toThrow(message)
    expect(() => isLocked(manifest, '1.0.0')).toThrow(message)
    await expect(readOrResolveLock(manifest, '1.0.0', { uv, cache: root })).rejects.toThrow(message)
  })
})
