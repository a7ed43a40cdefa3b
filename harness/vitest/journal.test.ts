import { openSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { JournalReader, openJournal } from './journal.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conform-test-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Where a journal stands that is read whole, or in pieces of so many characters. */
function readJournal(text: string, piece = text.length) {
  const reader = new JournalReader()
  for (let at = 0; at < text.length; at += piece) reader.feed(text.slice(at, at + piece))
  return reader.standing
}

/** What a worker does: a number begins a case of so many executions, `end` is the end. */
const works = fc.array(fc.nat({ max: 5 }), { maxLength: 5 })

async function written(cases: readonly number[], ends: boolean): Promise<string> {
  const file = join(await mkdtemp(join(folder, 'journal-')), 'journal')
  const journal = openJournal(openSync(file, 'w'))
  for (const [index, executions] of cases.entries()) {
    journal.begin('any runtime', `scenario/${index}\n{"pid":0}`)
    for (let count = 0; count < executions; count++) journal.execution()
  }
  if (ends) journal.end()
  return readFile(file, 'utf8')
}

describe('a journal', () => {
  it('tells what is under way, and how many executions there were', async () => {
    // Each journal listens for the end of the process.
    process.setMaxListeners(200)
    await fc.assert(
      fc.asyncProperty(works, fc.boolean(), async (cases, ends) => {
        const { under, executions, exit } = readJournal(await written(cases, ends))
        expect(executions).toBe(cases.reduce((sum, count) => sum + count, 0))
        expect(exit).toBeUndefined()
        const last = cases.length - 1
        expect(under).toEqual(
          ends || last < 0
            ? undefined
            : {
                runtime: 'any runtime',
                scenario: `scenario/${last}\n{"pid":0}`,
                executions: cases[last],
              },
        )
      }),
    )
  })

  it('is read alike whole and in pieces, and takes nothing else for a line of its own', async () => {
    const text = `${await written([3, 2], false)}\n{}\nnonsense\n{"runtime":1,"scenario":2}\n..`
    for (const piece of [1, 2, 7, 1_000]) expect(readJournal(text, piece)).toEqual(readJournal(text))
    expect(readJournal(text).under).toMatchObject({ runtime: 'any runtime', executions: 4 })
  })

  it('that is cut anywhere never tells more than was done', async () => {
    const text = await written([3, 2], true)
    for (let cut = 0; cut <= text.length; cut++) {
      const { under, executions } = readJournal(text.slice(0, cut))
      expect(executions).toBeLessThanOrEqual(5)
      expect(under?.executions ?? 0).toBeLessThanOrEqual(3)
    }
  })

  it('grows by signs of life, which are no executions', async () => {
    const file = join(await mkdtemp(join(folder, 'journal-')), 'journal')
    const journal = openJournal(openSync(file, 'w'))
    const sizes: number[] = []
    const works = ['execution', 'sign', 'sign', 'execution', 'sign'] as const
    journal.sign()
    journal.begin('any runtime', 'some')
    for (const work of works) {
      journal[work]()
      sizes.push((await readFile(file, 'utf8')).length)
    }
    expect(new Set(sizes).size).toBe(works.length)
    const { under, executions } = readJournal(await readFile(file, 'utf8'))
    expect([under?.executions, executions]).toEqual([2, 2])
  })

  it('tells with what code the process ended by itself', () => {
    const begun = JSON.stringify({ runtime: 'any', scenario: 'some' })
    expect(readJournal(`${begun}\n..\nexit 7\n`)).toEqual({
      under: { runtime: 'any', scenario: 'some', executions: 2 },
      executions: 2,
      exit: 7,
    })
  })
})
