import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { httpTransportNames, transportNames } from '../../mocks/transports.ts'
import { arbitraryPlans } from '../plan/arbitraries/plan.ts'
import { formatPlan } from '../plan/codec.ts'
import { appliesToScenario, appliesToTransport, hasExpired, readBaseline } from './baseline.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conform-test-'))
  await mkdir(join(folder, 'known'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const entry = {
  scenario: 'recordings/text',
  invariant: 'no-leaked-spans',
  plan: 'known/plan.json',
  kind: 'bug',
  reason: 'agents-core, tracing: the trace is not ended',
  issue: 'https://example.com/1',
  since: '2026-01-01',
  expires: '2027-01-01',
}
const [plan] = fc.sample(arbitraryPlans(), { numRuns: 1, seed: 1 }) as [Parameters<typeof formatPlan>[0]]

async function read(value: unknown, keep = true) {
  await writeFile(join(folder, 'known.yaml'), typeof value === 'string' ? value : stringify(value))
  if (keep) await writeFile(join(folder, 'known', 'plan.json'), formatPlan(plan))
  return readBaseline(folder)
}

describe('readBaseline', () => {
  it('returns the entries with their plans, and none for a missing or empty file', async () => {
    expect(readBaseline(folder)).toEqual([])
    expect(await read('')).toEqual([])
    expect(await read([entry])).toEqual([{ ...entry, file: 'known/plan.json', plan }])
  })

  it.each<[string, unknown, string]>([
    ['no list', { entry }, 'known.yaml'],
    ['an unknown key', [{ ...entry, owner: 'me' }], 'owner'],
    ['a missing reason', [{ ...entry, reason: undefined }], 'reason'],
    ['another kind', [{ ...entry, kind: 'feature' }], 'kind'],
    ['no date', [{ ...entry, expires: 'never' }], 'a date, as 2026-11-20'],
    ['a plan out of the folder', [{ ...entry, plan: '../plan.json' }], 'a .json file beside known.yaml'],
    ['a plan from the root', [{ ...entry, plan: '/etc/plan.json' }], 'a .json file beside known.yaml'],
    ['a plan that is not there', [{ ...entry, plan: 'known/none.json' }], 'a file that exists'],
    ['no YAML', '- scenario: [', 'known.yaml'],
    ['aliases without end', `a: &a [x,x]\nb: &b [*a,*a]\n${bomb()}`, 'known.yaml'],
  ])('refuses %s, with the file and the place', async (_, value, message) => {
    await expect(read(value)).rejects.toThrow(message)
  })

  it('refuses an invalid plan and names its file', async () => {
    await writeFile(join(folder, 'known', 'plan.json'), '{"schema":2}')
    await expect(read([entry], false)).rejects.toThrow('plan.json')
  })
})

describe('an entry', () => {
  it('applies to its case, or to every case of its scenario', () => {
    const name = fc.stringMatching(/^[a-z-]{1,8}$/)
    fc.assert(
      fc.property(name, name, name, (scenario, id, other) => {
        expect(appliesToScenario({ scenario }, scenario)).toBe(true)
        expect(appliesToScenario({ scenario: '*' }, `${scenario}/${id}`)).toBe(true)
        expect(appliesToScenario({ scenario }, `${scenario}/${id}`)).toBe(true)
        expect(appliesToScenario({ scenario: `${scenario}/${id}` }, scenario)).toBe(false)
        expect(appliesToScenario({ scenario }, `${scenario}x/${id}`)).toBe(false)
        if (other !== id)
          expect(appliesToScenario({ scenario: `${scenario}/${id}` }, `${scenario}/${other}`)).toBe(false)
      }),
    )
  })

  it('applies to HTTP, to WebSockets, or to both', () => {
    expect(transportNames.filter((name) => appliesToTransport({ over: 'http' }, name))).toEqual([
      ...httpTransportNames,
    ])
    expect(transportNames.filter((name) => appliesToTransport({ over: 'websocket' }, name))).toEqual([
      'websocket',
    ])
    expect(transportNames.filter((name) => appliesToTransport({}, name))).toEqual(transportNames)
  })

  it('is valid to the end of its last day', () => {
    fc.assert(
      fc.property(days(), days(), (expires, today) => {
        expect(hasExpired({ expires: dayOf(expires) }, dayOf(today))).toBe(dayOf(expires) < dayOf(today))
      }),
    )
    expect(hasExpired({ expires: '2026-11-20' }, '2026-11-20')).toBe(false)
  })
})

function days() {
  return fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10)
}

function bomb(): string {
  const names = [...'bcdefghijklmnop']
  return names
    .slice(1)
    .map((name, at) => `${name}: &${name} [${`*${names[at]},`.repeat(9)}*${names[at]}]`)
    .join('\n')
}
