import { tmpdir } from 'node:os'
import { afterEach, expect, test, vi } from 'vitest'
import { runCommand } from './command.ts'

afterEach(() => vi.unstubAllEnvs())

const print = ['-e', 'console.log(JSON.stringify([process.env, process.argv.slice(1)]))', '--']

test('what a tool runs sees nothing of the user’s but what is named, whatever the user has set', async () => {
  for (const name of ['AWS_SECRET_ACCESS_KEY', 'OPENAI_API_KEY', 'NODE_OPTIONS', 'SSH_AUTH_SOCK'])
    vi.stubEnv(name, '')
  vi.stubEnv('A_SECRET', 'of the user')
  vi.stubEnv('CONFORM_CLEAN', '1')
  for (const tool of ['npm', 'python', 'go'] as const) {
    const { code, stdout } = await runCommand(tool, process.execPath, print, {
      cwd: tmpdir(),
      env: { OWN: 'yes' },
    })
    expect(code).toBe(0)
    const [env] = JSON.parse(stdout) as [Record<string, string>]
    expect(env).toMatchObject({ OWN: 'yes', PATH: process.env['PATH'] })
    expect(env['HOME']).not.toBe(process.env['HOME'])
    for (const name of [
      'A_SECRET',
      'CONFORM_CLEAN',
      'AWS_SECRET_ACCESS_KEY',
      'NODE_OPTIONS',
      'SSH_AUTH_SOCK',
    ])
      expect(env).not.toHaveProperty(name)
  }
})

test('arguments stay apart, and no shell reads them', async () => {
  const given = ['a b', '$HOME', '; exit 1', '--x', '*']
  const { stdout } = await runCommand('npm', process.execPath, [...print, ...given], { cwd: tmpdir() })
  expect((JSON.parse(stdout) as [unknown, string[]])[1]).toEqual(given)
})
