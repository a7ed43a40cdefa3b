import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { subjectsOnRequest } from '../vitest/projects.ts'
import { namedVersions } from '../zoo.ts'
import { isLocked, lockFile } from './lock.ts'
import { readManifest } from './manifest.ts'

const manifests = subjectsOnRequest()
  .map(({ folder }) => readManifest(folder))
  .filter(({ language }) => language === 'python')

describe.each(manifests)('$name', (manifest) => {
  it.each(namedVersions(manifest))(
    'has a lock file of %s, made from what its manifest says (conform lock)',
    (version) => {
      expect(isLocked(manifest, version)).toBe(true)
      const text = readFileSync(lockFile(manifest, version), 'utf8')
      const packages = text.split(/\n(?! )/).filter((line) => line !== '' && !line.startsWith('#'))
      for (const one of packages)
        expect(one).toMatch(/^[\w.-]+(\[[\w,-]+\])?==[\w.!+]+ (; [^\\]+ )?\\\n +--hash=sha256:[0-9a-f]{64}/)
      expect(packages.length).toBeGreaterThan(0)
      expect(text).not.toMatch(/:\/\/|--\w*index|--find-links/)
    },
  )
})
