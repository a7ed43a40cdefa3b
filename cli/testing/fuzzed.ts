import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

const program = fileURLToPath(new URL('fuzz-codecs.ts', import.meta.url))
const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Puts so many damaged files to the readers and expects that each was read or refused. The process may read, may write
 * in one folder, and may start nothing: Node's permission model makes anything else an error.
 */
export async function expectNoCrash(seed: number, count: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'conform-test-'))
  try {
    const allowed = ['--permission', '--allow-fs-read=/', `--allow-fs-write=${folder}`]
    const child = spawn(process.execPath, [...allowed, program, String(seed), String(count), folder], {
      cwd: root,
    })
    let [told, said] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      told += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    const code = await new Promise((resolve) => child.once('close', resolve))
    expect([code, said], `seed ${seed}`).toEqual([0, ''])
    const { read, refused, crashed, polluted } = JSON.parse(told) as Record<'read' | 'refused', number> &
      Record<'crashed' | 'polluted', string[]>
    expect(crashed, `seed ${seed}`).toEqual([])
    expect(polluted).toEqual([])
    expect(read + refused).toBe(count)
    // Neither all sound nor all broken: both sides of each reader were tried.
    expect(read).toBeGreaterThan(count / 20)
    expect(refused).toBeGreaterThan(count / 4)
    const files = [
      'a.json',
      'b.json',
      'known.yaml',
      'package.json',
      'plan.json',
      'recording.json',
      'runtime',
      'zoo.yaml',
    ]
    expect((await readdir(folder)).sort()).toEqual(files)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
