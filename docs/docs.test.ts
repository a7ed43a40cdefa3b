import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const MAX_LINES = 200
const SKIPPED_FOLDERS = ['node_modules', '.cache', '.git', 'conform-results']

const read = (file: string) => readFileSync(resolve(ROOT, file), 'utf8')
const pages = globSync('docs/*.md', { cwd: ROOT })
const modulePages = globSync(['drivers/README.md', 'mocks/**/README.md', 'runtimes/*/README.md'], {
  cwd: ROOT,
  exclude: (name) => SKIPPED_FOLDERS.includes(name),
})
const allText = pages.map(read).join('\n')

/** Returns the entries of the pages: `6` for `## SERVICE-FACTS 6: …`, `Unknown 3`, and `R12` for a table row `| R12 |`. */
function definedEntries(): Set<string> {
  const sections = allText.matchAll(/^## SERVICE-FACTS,? (\d+|Unknown \d+):/gm)
  const rows = allText.matchAll(/^\| ([RGJ]\d\d[a-z]?) \|/gm)
  return new Set([...sections, ...rows].map((match) => match[1] ?? ''))
}

const SEPARATOR = '(?:, and |, | and | to )'
const SECTIONS = new RegExp(`SERVICE-FACTS (\\d+(?:${SEPARATOR}\\d+)*)`, 'g')
const ROWS = new RegExp(`GRAMMAR ([RGJ]\\d\\d[a-z]?(?:${SEPARATOR}[RGJ]\\d\\d[a-z]?)*)`, 'g')
const UNKNOWNS = /SERVICE-FACTS[^\n]*(Unknown \d+)/g

/** Returns the entries that a text cites. A range counts in full: `J70 to J72` is J70, J71 and J72. */
function citationsOf(source: string): string[] {
  return [SECTIONS, ROWS, UNKNOWNS]
    .flatMap((pattern) => [...source.matchAll(pattern)])
    .flatMap((match) => (match[1] ?? '').split(/, and |, | and /))
    .flatMap(expandRange)
}

function expandRange(range: string): string[] {
  const [first = '', last] = range.split(' to ')
  if (last === undefined) return [first]
  const letter = first.replace(/\d+/, '')
  const from = Number(first.slice(letter.length))
  const to = Number(last.slice(letter.length))
  return Array.from({ length: to - from + 1 }, (_, at) => `${letter}${from + at}`)
}

/** Returns the anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): string[] {
  return [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

/** Returns the relative links of a page. Code blocks are ignored. */
function linksOf(page: string): string[] {
  const prose = page.replace(/^```.*?^```$/gms, '')
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
  return links.filter((link) => !/^[a-z]+:/.test(link))
}

/** Returns what is wrong with a link, or undefined. */
function brokenLink(file: string, link: string): string | undefined {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? resolve(ROOT, file) : resolve(ROOT, dirname(file), path)
  if (relative(ROOT, target).startsWith('..')) return `${file}: ${link} is outside the clone`
  if (!existsSync(target)) return `${file}: ${link} does not exist`
  if (anchor === undefined || statSync(target).isDirectory()) return undefined
  if (anchorsOf(readFileSync(target, 'utf8')).includes(anchor)) return undefined
  return `${file}: ${link} has no such heading`
}

describe('citations', () => {
  test('lists, ranges and unknowns are found', () => {
    expect(citationsOf('SERVICE-FACTS 6, and 1 to 3')).toEqual(['6', '1', '2', '3'])
    expect(citationsOf('GRAMMAR R02b, R02c; SERVICE-FACTS 5: 22 of 22')).toEqual(['5', 'R02b', 'R02c'])
    expect(citationsOf('(SERVICE-FACTS 1, Unknown 5)')).toEqual(['1', 'Unknown 5'])
  })

  test('every citation in the repository has an entry in docs/', () => {
    const entries = definedEntries()
    // `R11` without a letter cites all of R11a to R11d.
    for (const entry of [...entries]) entries.add(entry.replace(/[a-z]$/, ''))
    const files = globSync('**/*.{ts,md}', { cwd: ROOT, exclude: (name) => SKIPPED_FOLDERS.includes(name) })
    const missing = files.flatMap((file) =>
      citationsOf(read(file)).flatMap((id) => (entries.has(id) ? [] : `${file}: ${id}`)),
    )
    expect(files).toContain('mocks/grammar/stream.ts')
    expect(missing).toEqual([])
  })

  test.each(['per-item event patterns', 'SUMMARYPART', 'Request → response echo'])(
    'GRAMMAR, %s has a heading in docs/',
    (heading) => {
      expect(allText).toContain(`\n## GRAMMAR, ${heading}\n`)
    },
  )
})

describe('pages', () => {
  test.each([...pages, ...modulePages, 'README.md', 'CONTRIBUTING.md'])(
    'the links of %s lead somewhere',
    (file) => {
      expect(linksOf(read(file)).flatMap((link) => brokenLink(file, link) ?? [])).toEqual([])
    },
  )

  test.each([...pages, ...modulePages])('%s names no file outside the clone', (file) => {
    expect(read(file)).not.toContain('../shared')
  })

  test.each(pages)(`%s has fewer than ${MAX_LINES} lines`, (file) => {
    expect(read(file).split('\n').length).toBeLessThan(MAX_LINES)
  })
})
