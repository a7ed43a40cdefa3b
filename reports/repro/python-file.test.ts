import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Plan } from '../../harness/plan/types.ts'
import { buildPythonFile, readDriverSources } from './python-file.ts'
import { buildHostileCounterexample, buildHostileExchange } from './testing/hostile.ts'

const HOSTILE = `''' """ \\ ' " \n# fine\nimport os; os._exit(9) \u2028 \u202e \ud83d`

const stop = { how: 'return', after: { toolStarts: 1 } } as const

const { counterexample, ...promised } = buildHostileCounterexample(HOSTILE)

const plan: Plan = {
  ...counterexample.plan,
  conversations: counterexample.plan.conversations.map((one) => ({
    ...one,
    turns: one.turns.map((turn) => ({ ...turn, stop })),
  })),
}

const folder = fileURLToPath(new URL('../../runtimes/agent-framework', import.meta.url))
const asked = {
  model: 'm',
  input: [
    { role: 'user', content: HOSTILE },
    { role: 'system', content: 'on this machine' },
  ],
}

const text = buildPythonFile({
  ...promised,
  counterexample: { ...counterexample, transport: 'http', plan },
  traffic: {
    exchanges: [buildHostileExchange(HOSTILE, JSON.stringify(asked))],
    order: [0, 0, `stop ${HOSTILE}`],
    taken: { 'c0.t0': 2 },
  },
  seen: {
    ...{ outcomes: { 'c0.t0': `in ${process.cwd()} of /tmp/conform-home-aB3` }, updates: {}, hooks: {} },
    ...{ requests: [], spans: [], holding: [], stderr: false },
  },
  packages: { named: ['some-runtime==1.0.0'], beside: ['other==2.0'] },
  environment: { SOME: HOSTILE },
  sources: readDriverSources(folder),
})

/** The value that stands under a name in the file. */
function dataOf(name: string): unknown {
  const [, json = 'null'] = new RegExp(`^${name} = json\\.loads\\(r'''([^']*)'''\\)$`, 'm').exec(text) ?? []
  return JSON.parse(json)
}

describe('a reproduction in Python', () => {
  it('has hostile texts in comments and data only', () => {
    expect(text).toMatch(/^[\n\x20-\x7e…]*$/)
    for (const line of text.split('\n').filter((line) => line.includes('os._exit(9)')))
      if (!line.startsWith('# '))
        expect(line.replaceAll(/^[A-Z]+ = json\.loads\(r'''|'''\)$/g, '')).not.toContain("'")
    expect(dataOf('ENVIRONMENT')).toEqual({ SOME: HOSTILE })
  })

  it('holds the plan without its answers, the traffic, and what each answer was the answer to', () => {
    expect(JSON.stringify(dataOf('PLAN'))).not.toContain('"answers"')
    expect(dataOf('SEQUENCE')).toEqual([0, 0, `stop ${HOSTILE}`])
    expect(dataOf('ANSWERS')).toMatchObject([
      { asked: { from: '', input: [`user ${HOSTILE}`] }, pieces: [HOSTILE, { base64: 'wyg=' }], end: 'done' },
    ])
  })

  it('tells of a consumer that left how many updates it had by then', () => {
    const { turns } = (dataOf('PLAN') as typeof plan).conversations[0] ?? { turns: [] }
    expect(turns.map(({ stop }) => stop)).toEqual([{ how: 'return', after: { updates: 2 } }])
  })

  it('does not tell where it was made, nor what a runtime tells its model of that', () => {
    expect(dataOf('HARNESS')).toMatchObject({ outcomes: { 'c0.t0': 'in {cwd} of {home}' } })
    expect(text).not.toContain(process.cwd())
    expect(text).not.toContain('on this machine')
  })

  it('names the packages, and holds the driver and what drivers share', () => {
    expect(text).toContain('\n#   pip install some-runtime==1.0.0\n')
    expect(text).toContain('\n#   other==2.0\n')
    for (const name of ['driver', 'hooks', 'conformance_driver', 'conformance_driver.consumer'])
      expect(text).toContain(`\n    "${name}": r'''`)
  })
})
