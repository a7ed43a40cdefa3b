import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { comparisons, invariants } from '../../harness/invariants/index.ts'
import type { Subject } from '../../harness/vitest/settings.ts'
import { UsageError } from '../exit-codes.ts'
import { parseWholeNumber } from '../number-options.ts'
import { writeBrokenRuntime } from '../testing/broken-runtime.ts'
import { listVersionsToSearch } from './bisect.ts'
import {
  chooseInvariants,
  chooseInvariantsForFile,
  chooseRecordings,
  chooseScenarios,
  chooseSubjects,
  findSubjectOfFile,
  listScenarioNames,
} from './chosen.ts'
import { chooseRows } from './zoo.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conform-test-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
const own = fileURLToPath(new URL('../../mocks/recordings/own', import.meta.url))

describe('chosenSubjects', () => {
  it('gives all where none is asked for, one by its name, with a version, or by its folder', async () => {
    const all = chooseSubjects([]).subjects.map(({ name }) => name)
    expect(all).toEqual(expect.arrayContaining(['openai-agents', 'openai-loop', 'reference']))
    const { subjects, versions } = chooseSubjects(['reference@0.1.0', 'openai-loop'])
    expect(subjects.map(({ name }) => name)).toEqual(['reference', 'openai-loop'])
    expect([...versions]).toEqual([['reference', '0.1.0']])
    const path = await writeBrokenRuntime(folder, 'mine@2')
    expect(chooseSubjects([path]).subjects).toEqual([{ name: basename(path), folder: path }])
  })

  it('gives a published runtime at another version, and as it is at the version that is here', async () => {
    const { dependencies } = JSON.parse(
      await readFile(new URL('../../runtimes/openai-agents/package.json', import.meta.url), 'utf8'),
    ) as { dependencies: Record<string, string> }
    const here = dependencies['@openai/agents'] ?? ''
    const [other] = chooseSubjects(['openai-agents@0.19.0']).subjects
    expect(other).toMatchObject({ name: 'openai-agents@0.19.0', version: '0.19.0' })
    const [same] = chooseSubjects([`openai-agents@${here}`]).subjects
    expect(same).toEqual({ name: 'openai-agents', folder: other?.folder })
    for (const version of ['latest', '^0.19.0', 'file:..', ''])
      expect(() => chooseSubjects([`openai-agents@${version}`])).toThrow(
        /--runtime openai-agents@: found .*, expected an exact version/,
      )
  })

  it('gives the runtime of a folder outside the project at another version', async () => {
    const path = await writeBrokenRuntime(join(folder, 'versioned'), 'mine')
    const own = { runtime: 'openai', dependencies: { openai: '6.9.0' } }
    await writeFile(join(path, 'package.json'), JSON.stringify(own))
    const { subjects, versions } = chooseSubjects([path, `${path}@6.9.0`, `${path}/@6.8.1`])
    expect(subjects).toEqual([
      { name: 'mine', folder: path },
      { name: 'mine@6.8.1', folder: path, version: '6.8.1' },
    ])
    expect([...versions]).toEqual([['mine', '6.9.0']])
    // Without a published package a folder has one version, which is compared when it has run.
    const bare = await writeBrokenRuntime(join(folder, 'versioned'), 'bare')
    expect([...chooseSubjects([`${bare}@0.1.0`]).versions]).toEqual([['bare', '0.1.0']])
    expect(() => chooseSubjects([`${path}@latest`])).toThrow(
      '--runtime mine@: found "latest", expected an exact version',
    )
  })

  it.each([
    ...['1.0\n--index-url x', ' 1.0', '>=1.0', '*', '..', 'npm:x', 'https:', '-1', '1.0\u001b[31m', '１.0'],
  ])('refuses the version %j of any runtime, before anything is started', (version) => {
    for (const name of [
      'openai-agents',
      'agent-framework',
      'openai-go-loop',
      'reference',
      'reference+history-cut',
    ])
      expect(() => chooseSubjects([`${name}@${version}`])).toThrow(
        /^--runtime \S+@: found ".*", expected an? /,
      )
  })

  it('gives one runtime once, and calls folders of one name by their paths', async () => {
    const [one, other] = await Promise.all(
      ['a', 'b'].map((place) => writeBrokenRuntime(join(folder, place), 'twin')),
    )
    const named = (...asked: string[]) => chooseSubjects(asked).subjects.map(({ name }) => name)
    expect(named(one ?? '', `${one}/`, one ?? '')).toEqual(['twin'])
    expect(named(one ?? '', other ?? '')).toEqual([one, other])
    expect(named('reference', 'reference', './runtimes/reference')).toEqual(['reference'])
    const copy = await writeBrokenRuntime(folder, 'reference')
    expect(named(copy)).toEqual([copy])
    expect(named('reference', copy)).toEqual(['reference', copy])
  })

  it('gives a runtime of ours with one of its defects', () => {
    const { subjects } = chooseSubjects(['reference+history-cut', 'reference'])
    expect(subjects).toMatchObject([
      { name: 'reference+history-cut', defect: 'history-cut' },
      { name: 'reference' },
    ])
    expect(subjects[0]?.folder).toBe(subjects[1]?.folder)
  })

  it.each([
    ...['nobody', './cli', '/nowhere', ''],
    ...['reference+', 'reference+none', 'openai-loop+history-cut', 'reference+../defect'],
  ])('refuses %j and names those that there are', (name) => {
    expect(() => chooseSubjects([name])).toThrow(
      /--runtime: found .*expected one of openai-agents, .*a folder/,
    )
  })
})

describe('subjectNamedIn', () => {
  it('gives a runtime of this project, with a version or a defect', () => {
    expect(findSubjectOfFile('f.json', 'reference')).toMatchObject({ subject: { name: 'reference' } })
    expect(findSubjectOfFile('f.json', 'reference@0.1.0')).toMatchObject({ version: '0.1.0' })
    expect(findSubjectOfFile('f.json', 'openai-agents@0.19.0').subject).toMatchObject({ version: '0.19.0' })
    expect(findSubjectOfFile('f.json', 'reference+history-cut').subject).toMatchObject({
      defect: 'history-cut',
    })
  })

  it.each([
    ...['./cli/testing/throws', '/tmp/evil', '../evil', '.', '', 'mine', '@scope/x', 'my runtime', 'a\nb'],
    ...[
      'file:///tmp/evil',
      'https://example.invalid',
      './runtimes/reference',
      'runtimes/reference',
      'Reference',
    ],
    ...['constructor', '__proto__', 'openai-loop (mine)'],
  ])('never takes %j for a path, and says what to do', (name) => {
    expect(() => findSubjectOfFile('f.json', name)).toThrow(
      /^f\.json: found the runtime ".*", which is not part of this project, expected --runtime$/,
    )
  })

  it.each([
    ...['reference+../../x', 'reference+none', 'reference+x/y', 'reference@../x', 'openai-agents@latest'],
    ...['openai-agents@file:x', 'openai-agents@1.0.0\n', 'reference@1@../x'],
  ])('refuses %j with the file', (name) => {
    expect(() => findSubjectOfFile('f.json', name)).toThrow(/^f\.json: \$\.runtime.*: found ".*", expected /)
  })
})

describe('invariantsOf', () => {
  it('takes those asked for, else the one that the file names, and tells the file where there is no such one', () => {
    const kept = { invariant: 'calls-answered' }
    expect(chooseInvariantsForFile([], kept, 'f.json')).toEqual(['calls-answered'])
    expect(chooseInvariantsForFile(['run-settles-once'], { invariant: 'none' }, 'f.json')).toEqual([
      'run-settles-once',
    ])
    expect(chooseInvariantsForFile([], {}, 'f.json')).toBeUndefined()
    expect(() => chooseInvariantsForFile([], { invariant: 'none' }, 'f.json')).toThrow(
      /^f\.json: \$\.invariant: found "none", expected one of /,
    )
  })
})

describe('versionsOf', () => {
  it.each(['latest', '>=1', '../x', '1.0.0\n', '--registry=x', ''])(
    'refuses %j before the registry is asked',
    async (version) => {
      const [subject] = chooseSubjects(['openai-agents']).subjects as [Subject]
      for (const [option, given] of [
        ['--good', { good: version }],
        ['--bad', { bad: version }],
      ] as const)
        await expect(listVersionsToSearch(subject, given)).rejects.toThrow(
          new RegExp(`^${option}: found ".*", expected an exact version of semver`),
        )
    },
  )
})

describe('chosenRows', () => {
  it.each(['', 'none', 'maf-4053-stale-response@latest', '../x', '--row', 'maf-6866@1.9.0\n'])(
    'refuses the row %j',
    (row) => {
      expect(() => chooseRows([], [row])).toThrow(
        /^--row: found ".*", expected one of agents-js-incomplete, /,
      )
    },
  )
})

describe('chosenScenarios', () => {
  it('takes each scenario, and single cases of one', async () => {
    expect(await chooseScenarios([])).toEqual({})
    for (const name of listScenarioNames())
      expect(await chooseScenarios([name])).toEqual({ scenarios: [name] })
    const cases = ['recordings/text', 'recordings/a.b']
    expect(await chooseScenarios(cases)).toEqual({ scenarios: ['recordings'], cases })
    expect(await chooseScenarios(['recordings/text', 'recordings'])).toEqual({ scenarios: ['recordings'] })
    expect(await chooseScenarios([...cases, 'stream-errors'])).toEqual({
      scenarios: ['recordings', 'stream-errors'],
      cases,
    })
  })

  it('refuses what is none, control characters shown escaped', async () => {
    await expect(chooseScenarios(['sing\u001b[31m'])).rejects.toThrow(
      'found "sing\\u001b[31m", expected one of',
    )
    await expect(chooseScenarios(['regressions/none'])).rejects.toThrow(
      'found "regressions/none", expected one of regressions, regressions/',
    )
  })
})

describe('chosenInvariants', () => {
  it('takes every id there is and no other', () => {
    const ids = [...invariants, ...comparisons].map(({ id }) => id)
    fc.assert(
      fc.property(fc.subarray(ids, { minLength: 1 }), fc.string(), (some, other) => {
        expect(chooseInvariants(some)).toEqual(some)
        if (!ids.includes(other)) expect(() => chooseInvariants([...some, other])).toThrow(UsageError)
      }),
    )
    expect(chooseInvariants([])).toBeUndefined()
  })
})

describe('chosenRecordings', () => {
  it('takes what is there, and single recordings by their ids', async () => {
    const all = { paths: [own], errors: [], withoutTraffic: 0 }
    expect(await chooseRecordings([own])).toEqual(all)
    expect(await chooseRecordings([own], ['recordings/text'])).toEqual(all)
    expect((await chooseRecordings([])).paths[0]).toBe(own)
  })

  it('refuses what is not there, a folder without any, an id that none has', async () => {
    await expect(chooseRecordings(['nowhere'])).rejects.toThrow('--recordings: found no nowhere')
    await expect(chooseRecordings([folder])).rejects.toThrow(/found no recording/)
    await expect(
      chooseRecordings([
        fileURLToPath(new URL('../../mocks/recordings/formats/fixtures/aimock.json', import.meta.url)),
      ]),
    ).rejects.toThrow(
      /found no recording\n {2}.*aimock\.json: file: found answers of aimock, expected recordings/,
    )
    const refused = await mkdtemp(join(folder, 'refused-'))
    await writeFile(join(refused, '0.json'), '{"schema":1,"id":"../x","recordings":[]}')
    for (const at of [1, 2, 3, 4, 5, 6]) await writeFile(join(refused, `${at}.json`), '{')
    const error: Error = await chooseRecordings([refused]).catch((error) => error)
    expect(error).toBeInstanceOf(UsageError)
    const [head, first, second, ...rest] = error.message.split('\n')
    expect(head).toBe('--recordings: found no recording')
    expect(first).toMatch(/0\.json: \$\.id: found "\.\.\/x", expected /)
    expect(second).toMatch(/1\.json: \$: found .*, expected JSON$/)
    expect([rest.length, rest.at(-1)]).toEqual([4, '  and 2 more'])
    await expect(chooseRecordings([own], ['recordings/none'])).rejects.toThrow(
      'found no recording "none" among 10',
    )
  })
})

describe('wholeNumber', () => {
  it('reads what is within its limits, and refuses everything else', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), (number, a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)]
        const read = () => parseWholeNumber('--runs', String(number), from, to)
        if (number >= from && number <= to) expect(read()).toBe(number)
        else expect(read).toThrow(`--runs: found "${number}", expected a whole number from ${from} to ${to}`)
      }),
    )
    for (const other of ['', '-1', '1.5', '1e3', ' 1', '0x1', 'many'])
      expect(() => parseWholeNumber('--runs', other, 0, 10_000)).toThrow(UsageError)
  })
})
