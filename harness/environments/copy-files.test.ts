import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { copyFiles } from './copy-files.ts'

test('regular files and folders are copied, pipes and links are left out', async () => {
  const root = await mkdtemp(join(tmpdir(), 'conform-copy-'))
  try {
    const folder = join(root, 'from')
    await mkdir(join(folder, 'inner'), { recursive: true })
    for (const name of ['a.go', 'a.test.ts', 'inner/b.go']) await writeFile(join(folder, name), name)
    execFileSync('mkfifo', [join(folder, 'pipe'), join(folder, 'inner', 'pipe')])
    await symlink('/etc/passwd', join(folder, 'link'))
    await symlink('from', join(root, 'named'))
    await copyFiles(join(root, 'named'), join(root, 'to'), (path) => !path.endsWith('.test.ts'))
    const copied = await readdir(join(root, 'to'), { recursive: true })
    expect(copied.sort()).toEqual(['a.go', 'inner', 'inner/b.go'])
  } finally {
    await rm(root, { recursive: true, force: true })
  }
})
