import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { workerEnvironment } from './start-worker.ts'

describe('the environment of a worker', () => {
  it('is an allow-list, whatever ours holds', () => {
    const names = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,30}$/)
    fc.assert(
      fc.property(fc.dictionary(names, fc.string()), (ours) => {
        const allowed = ['PATH', 'LANG', 'TZ', 'TMPDIR', 'SystemRoot', 'HOME', 'NODE_ENV']
        const given = workerEnvironment(
          { ...ours, OPENAI_API_KEY: 'sk-secret', HOME: '/home/me' },
          '/tmp/throw-away',
        )
        expect(Object.keys(given).filter((name) => !allowed.includes(name))).toEqual([])
        expect(given).toMatchObject({ HOME: '/tmp/throw-away', NODE_ENV: 'production' })
      }),
    )
  })

  it('passes on where programs are found', () => {
    expect(workerEnvironment({ PATH: '/bin' }, '/h')).toEqual({
      PATH: '/bin',
      HOME: '/h',
      NODE_ENV: 'production',
    })
  })
})
