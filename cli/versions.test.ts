import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exitCodes } from './exit-codes.ts'
import { run, runUnder } from './testing/conform.ts'
import { readReport } from './testing/report.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conform-test-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const one = ['--scenario', 'stream-errors', '--invariant', 'run-settles-once', '--runs', '3', '--seed', '1']

describe('--runtime NAME@VERSION', () => {
  it('runs two published versions beside one another, each under its own', async () => {
    const both = ['--runtime', 'openai-agents@0.19.0', '--runtime', 'openai-agents']
    const report = readReport(await run(...both, ...one, '--out', folder, '--json', '-'))
    expect(report.faults).toEqual([])
    expect(report.runtimes).toHaveLength(2)
    expect(report.runtimes).toContainEqual({ name: 'openai-agents', version: '0.19.0' })
    for (const { verdict } of report.verdicts) expect(verdict).toBe('holds')
  })

  it('is wrong usage where there is no such version, and says so by name', async () => {
    const { code, stderr } = await run('--runtime', 'openai-agents@99.0.0', ...one)
    expect(code).toBe(exitCodes.usage)
    expect(stderr).toContain('openai-agents@99.0.0: found')
    expect(stderr).toContain('expected @openai/agents@99.0.0 on the registry')
  })
})

describe('a version or a package that cannot be had is wrong usage, and nothing is started', () => {
  it.each<[string, string[], RegExp]>([
    [
      'a version below the lowest',
      ['--runtime', 'openai-agents-python@0.7.0'],
      /^--runtime openai-agents-python@: found "0\.7\.0", expected openai-agents 0\.8\.0 or later/,
    ],
    [
      'a prerelease below the lowest',
      ['--runtime', 'agent-framework@1.0.0b260211'],
      /found "1\.0\.0b260211", expected agent-framework-core 1\.0\.0b260212 or later/,
    ],
    [
      'a package that the manifest does not list',
      ['--runtime', 'agentscope', '--with', 'agentscop@1.0.19'],
      /^--with: found the package "agentscop", expected perhaps agentscope$/m,
    ],
    [
      'a malformed version',
      ['--runtime', 'agentscope', '--with', 'agentscope@>=1'],
      /^--with: found "agentscope@>=1", expected an exact version of PEP 440/,
    ],
    [
      'a package below the lowest',
      ['--runtime', 'agentscope', '--with', 'agentscope@2.0.0'],
      /^--with: found "agentscope@2\.0\.0", expected agentscope 1\.0\.9 or later, or 2\.0\.8 or later/,
    ],
    [
      'a package of a runtime in TypeScript',
      ['--runtime', 'reference', '--with', 'agentscope@1.0.19'],
      /^--with: found reference, expected a runtime in Python$/m,
    ],
    [
      'a package for no --against',
      ['--runtime', 'agentscope', '--against-with', 'agentscope@1.0.19'],
      /^--against-with: found no --against/,
    ],
    [
      'a wrong package for --against',
      ['--runtime', 'agentscope', '--against', 'agentscope@0.8.0', '--against-with', 'agentscope@1'],
      /^--against-with: found "agentscope@1", expected agentscope 1\.0\.9 or later/,
    ],
  ])('%s', async (_, asked, message) => {
    const { code, stdout, stderr } = await run(...asked, ...one)
    expect(stderr).toMatch(message)
    expect([code, stdout]).toEqual([exitCodes.usage, ''])
  })

  it.each([
    [
      'replay',
      ['replay', 'scenarios/regressions/returned-before-its-first-pull.json', '--runtime', 'agentscope'],
    ],
    ['bisect', ['bisect', '--runtime', 'agentscope', '--scenario', 'sessions']],
    ['lock', ['lock', 'agentscope']],
  ])('also with %s', async (_, command) => {
    const { code, stderr } = await run(...command, '--with', 'agentscop@1.0.19')
    expect(stderr).toMatch(/^--with: found the package "agentscop", expected perhaps agentscope$/m)
    expect(code).toBe(exitCodes.usage)
  })

  it('bisect refuses an end below the lowest version', async () => {
    const asked = ['bisect', '--runtime', 'openai-agents-python', '--scenario', 'sessions', '--good', '0.2.0']
    const { code, stderr } = await run(...asked)
    expect(stderr).toMatch(/^--good: found "0\.2\.0", expected openai-agents 0\.8\.0 or later/)
    expect(code).toBe(exitCodes.usage)
  })
})

describe('a runtime whose language this machine lacks', () => {
  const args = async () => {
    const path = join(folder, 'far')
    await mkdir(join(path, 'locks'), { recursive: true })
    await writeFile(join(path, 'driver.py'), '')
    await writeFile(join(path, 'locks', '1.0.0.txt'), '')
    const said = { about: 'x', language: 'python', driver: 'driver.py', package: 'six', version: '1.0.0' }
    await writeFile(join(path, 'manifest.yaml'), JSON.stringify({ ...said, python: '>=3.99' }))
    return ['--runtime', path, ...one, '--out', folder, '--json', '-']
  }

  it('is told by name, and the run goes on', async () => {
    const report = readReport(await runUnder({ CI: '' }, ...(await args())))
    expect(report.code).toBe(exitCodes.expected)
    for (const { verdict, reason } of report.verdicts) {
      expect(verdict).toBe('not-applicable')
      expect(reason).toMatch(
        /^this machine lacks its toolchain: far@1\.0\.0: found .*, expected Python >=3\.99$/,
      )
    }
    expect(report.verdicts).not.toEqual([])
  })

  it('is a failure with CI=true, where everything has to be there', async () => {
    const report = readReport(await runUnder({ CI: 'true' }, ...(await args())))
    expect(report.code).toBe(exitCodes.harness)
    expect(new Set(report.verdicts.map(({ verdict }) => verdict))).toEqual(new Set(['harness-error']))
  })
})
