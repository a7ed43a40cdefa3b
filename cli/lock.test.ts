import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { exitCodes } from './exit-codes.ts'
import { run } from './testing/conform.ts'

test('a lock is made for exact versions of runtimes in Python only, and nothing is started for others', async () => {
  const rows: [string, RegExp][] = [
    ['agent-framework@latest', /^lock: found "latest", expected an exact version of PEP 440/],
    [
      'agent-framework@1.0.0\n--index-url x',
      /^lock: found "1\.0\.0\\n--index-url x", expected an exact version/,
    ],
    ['agent-framework@>=1.0', /^lock: found ">=1\.0", expected an exact version/],
    ['agent-framework@1.0@1.1', /^lock: found "agent-framework@1\.0@1\.1", expected NAME or NAME@VERSION/],
    ['agent-framework@../../x', /^--runtime: found "agent-framework@\.\.\/\.\.\/x", expected one of/],
    ['openai-go-loop@3.0.0', /^lock: found openai-go-loop, expected a runtime in Python/],
    ['openai-agents-python@0.7.0', /^lock: found "0\.7\.0", expected openai-agents 0\.8\.0 or later/],
  ]
  const ended = await Promise.all(rows.map(([asked]) => run('lock', asked)))
  for (const [index, { code, stdout, stderr }] of ended.entries()) {
    expect([code, stdout]).toEqual([exitCodes.usage, ''])
    expect(stderr).toMatch(rows[index]?.[1] as RegExp)
  }
})

test('a lock is not written through a link that leads out of the runtime’s folder', async () => {
  const root = await mkdtemp(join(tmpdir(), 'conform-lock-test-'))
  try {
    const folder = join(root, 'mine')
    await mkdir(join(root, 'elsewhere'))
    await mkdir(folder)
    await writeFile(join(folder, 'driver.py'), '')
    const said = { about: 'x', language: 'python', driver: 'driver.py', package: 'six', version: '1.16.0' }
    await writeFile(join(folder, 'manifest.yaml'), JSON.stringify(said))
    await symlink('../elsewhere', join(folder, 'locks'))
    const { code, stderr } = await run('lock', `${folder}@1.16.0`)
    expect(stderr).toContain(`${folder}/locks: folder: found a link, expected a folder of its own`)
    expect(code).toBe(exitCodes.usage)
    expect(await readdir(join(root, 'elsewhere'))).toEqual([])
  } finally {
    await rm(root, { recursive: true, force: true })
  }
})
