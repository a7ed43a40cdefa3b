import { execFileSync, spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildGoProgram } from './go.ts'
import { readManifest } from './manifest.ts'

const shared = fileURLToPath(new URL('../../drivers/go', import.meta.url))
const hasGo = spawnSync('go', ['version']).status === 0

describe.skipIf(!hasGo)('the program of a driver in Go', () => {
  let root = ''
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'conform-go-'))
    await mkdir(join(root, 'mine'))
  })
  afterEach(() => rm(root, { recursive: true, force: true }))

  async function programOf(more: string, source = 'package main\n\nfunc main() { println("ran") }\n') {
    const folder = join(root, 'mine')
    await writeFile(join(folder, 'main.go'), source)
    await writeFile(join(folder, 'go.mod'), `module mine\n\ngo 1.24\n${more}`)
    const said = { about: 'x', language: 'go', driver: '.', package: 'example.invalid/x', version: '1.0.0' }
    await writeFile(join(folder, 'manifest.yaml'), JSON.stringify(said))
    return buildGoProgram(readManifest(folder), '1.0.0', shared, join(root, 'cache'))
  }

  it('is built from a folder with a pipe in it, and may replace modules by the shared one and by its own', async () => {
    execFileSync('mkfifo', [join(root, 'mine', 'pipe')])
    const replaced =
      'replace agent-conformance/driver => ../../drivers/go\nreplace example.invalid/y => ./inner\n'
    const program = await programOf(replaced)
    expect(spawnSync(program, { encoding: 'utf8' }).stderr).toBe('ran\n')
  })

  it.each([
    'replace example.invalid/y => ../elsewhere',
    'replace example.invalid/y => /etc',
    'replace example.invalid/y => ../../drivers/go',
    'replace agent-conformance/driver => ../../../drivers/go',
    'replace (\n\texample.invalid/y v1.0.0 => "./inner/../../elsewhere"\n)',
  ])('is refused for %j', async (line) => {
    const asked = programOf(`${line}\n`)
    await expect(asked).rejects.toThrow(
      /^mine@1\.0\.0: found replace .*, which leads out of the module's folder/,
    )
    await expect(asked).rejects.toMatchObject({ name: 'EnvironmentError', lacking: 'install' })
  })

  it('runs no C compiler', async () => {
    const asked = programOf('', 'package main\n\nimport "C"\n\nfunc main() {}\n')
    await expect(asked).rejects.toThrow('build constraints exclude all Go files')
  })
})
