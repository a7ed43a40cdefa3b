import { expect, it } from 'vitest'
import { exitCodes } from './exit-codes.ts'
import { run } from './testing/conform.ts'

/** Rows of the zoo, whose borders are found with nothing said but what is known to be bad. */
it.each([
  ['agent-framework', 'maf-6866-hand-over', 'cleanup-once', ['--bad', '1.9.0'], '1.9.0', '1.10.0'],
  ['agent-framework', 'maf-after-run', 'after-run-only-on-success', ['--bad', '1.0.1'], '1.0.1', '1.1.0'],
  [
    'agent-framework',
    'maf-4053-stale-response',
    'no-stale-previous-response-id',
    ['--bad', '1.0.0b260212', '--good', '1.0.0rc2'],
    '1.0.0rc1',
    '1.0.0rc2',
  ],
  ['agentscope', 'loongsuite-184', 'spans-counted', ['--bad', '0.5.0'], '0.5.0', '0.6.0'],
  ['openai-agents', 'incomplete-answer', 'truncation-is-failure', ['--bad', '0.13.1'], '0.17.0', '0.17.1'],
])(
  'finds where %s mended %s',
  async (runtime, plan, invariant, ends, before, after) => {
    const file = `runtimes/${runtime}/zoo/${plan}.json`
    const args = ['--runtime', runtime, '--plan', file, '--invariant', invariant, ...ends, '--json', '-']
    const { code, stdout, stderr } = await run('bisect', ...args)
    expect(code, stderr).toBe(exitCodes.expected)
    expect(JSON.parse(stdout).bisect).toMatchObject({ before, after, good: 'after' })
  },
  600_000,
)
