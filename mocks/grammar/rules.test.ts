import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findSharedFolder } from '../testing/shared-folder.ts'
import { allQuirks, allRules } from './rules.ts'

test('rules and quirks have ids of their own, a statement and a source', () => {
  const all = [...allRules, ...allQuirks]
  const ids = all.map(({ id }) => id)
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([])
  for (const { id, statement, source } of all) {
    expect(id).toMatch(/^[a-z]+(-[a-z0-9]+)*$/)
    expect(statement).toMatch(/[^.]$/)
    expect(source).toMatch(/./)
  }
})

const shared = findSharedFolder()

describe.runIf(shared)('the measured grammar (needs ../shared)', () => {
  test('has no row that is not the source of a rule or a quirk', () => {
    const page = readFileSync(join(shared ?? '', 'recordings', 'GRAMMAR.md'), 'utf8')
    const rows = new Set([...page.matchAll(/^\| ([RGJ]\d\d[a-z]?) /gm)].map(([, row]) => row ?? ''))
    const sources = [...allRules, ...allQuirks].map(({ source }) => source).join(' ')
    expect(rows.size).toBeGreaterThan(80)
    expect([...rows].filter((row) => !sources.includes(row))).toEqual([])
  })
})
