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
  ]
  const ended = await Promise.all(rows.map(([asked]) => run('lock', asked)))
  for (const [index, { code, stdout, stderr }] of ended.entries()) {
    expect([code, stdout]).toEqual([exitCodes.usage, ''])
    expect(stderr).toMatch(rows[index]?.[1] as RegExp)
  }
})
