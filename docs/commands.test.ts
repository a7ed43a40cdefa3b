import { execFile } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Command } from 'commander'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { run } from '../cli/testing/conform.ts'
import { readPlan } from '../harness/plan/codec.ts'
import { planSchema } from '../harness/plan/schema.ts'
import { fromDriver, toDriver } from '../harness/remote/protocol.ts'
import { type CommandLine, commandLinesOf, conformArguments } from './shell-blocks.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const read = (file: string) => readFileSync(resolve(ROOT, file), 'utf8')
const pages = globSync(['*.md', 'docs/*.md', 'drivers/*.md', 'mocks/**/README.md', 'runtimes/*/README.md'], {
  cwd: ROOT,
  exclude: (name) => name === 'node_modules',
})
const linesByPage = pages.map((page) => ({ page, lines: commandLinesOf(read(page)) }))
const allLines = linesByPage.flatMap(({ lines }) => lines)

/** Names that stand for a value of the reader's, such as FILE, NAME@VERSION or ./path/to/mine. */
const isPlaceholder = (word: string) => /^(\.\/|[A-Z]{2,})/.test(word)

describe('command lines', () => {
  test('are read with continued lines, quotes and comments', () => {
    const page =
      '```sh\nconform serve \\\n  --port 0   # a server\ncurl -H \'a: "b"\'\n```\n```\n$ conform list\nRuntimes\n```\n'
    expect(commandLinesOf(page).map(({ words }) => words)).toEqual([
      ['conform', 'serve', '--port', '0'],
      ['curl', '-H', 'a: "b"'],
      ['conform', 'list'],
    ])
  })

  test('are found in every main page', () => {
    const found = linesByPage.filter(({ lines }) => lines.length > 0).map(({ page }) => page)
    expect(found).toEqual(
      expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/oracle.md', 'docs/versions.md']),
    )
  })
})

describe('conform commands', () => {
  let known: Awaited<ReturnType<typeof knownNames>>
  beforeAll(async () => {
    known = await knownNames()
  })

  test.each(withLines())('%s shows commands that the command line accepts', async (_, lines) => {
    for (const line of lines) await expect(parse(line), line.text).resolves.toBeUndefined()
  })

  test.each(withLines())('%s names what exists', (page, lines) => {
    const text = read(page)
    const unknown = lines.flatMap((line) =>
      namedIn(conformArguments(line) ?? []).flatMap(({ kind, name }) =>
        isPlaceholder(name) || known[kind].has(name) || isMadeOn(text, name)
          ? []
          : `${line.text}: no ${kind} ${name}`,
      ),
    )
    expect(unknown).toEqual([])
  })

  test.each(cheapLines())('%s runs', async (_, args) => {
    expect(await run(...args)).toMatchObject({ code: 0 })
  })
})

describe('pnpm commands', () => {
  test('name scripts of package.json, or tools and tests that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const wrong = allLines.flatMap(({ text, words: [npx, yes, pnpm, script = '', tool = '', ...rest] }) => {
      if (npx !== 'npx') return []
      const called = [yes, pnpm].join(' ') === '--yes pnpm@12'
      if (called && (script in scripts || script === 'install')) return []
      const isTool = existsSync(resolve(ROOT, 'node_modules/.bin', tool))
      const paths = rest.filter((word) => word.includes('/'))
      if (called && script === 'exec' && isTool && paths.every((path) => existsSync(resolve(ROOT, path))))
        return []
      return text
    })
    expect(wrong).toEqual([])
  })
})

describe('examples', () => {
  test('the plan of plan.md is a plan on which the reference runtime breaks no rule', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'docs-plan-'))
    try {
      const [, text = ''] = /```json\n([\s\S]*?)```/.exec(read('docs/plan.md')) ?? []
      expect(readPlan(text, 'docs/plan.md').conversations).toHaveLength(2)
      await writeFile(join(folder, 'plan.json'), text)
      const { code, stdout } = await run('replay', join(folder, 'plan.json'), '--runtime', 'reference')
      expect(code, stdout).toBe(0)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  test('plan.md names every word of the plan format', () => {
    const page = read('docs/plan.md')
    const { service: _, ...parts } =
      z.toJSONSchema(planSchema, { io: 'input', unrepresentable: 'any' }).properties ?? {}
    const words = wordsOf(parts)
    expect(words.size).toBeGreaterThan(60)
    const code = [...page.matchAll(/^```[\s\S]*?^```|`[^`\n]+`/gm)].join('\n')
    expect([...words].filter((word) => !new RegExp(`(?<![\\w-])${word}(?![\\w-])`).test(code))).toEqual([])
  })

  test('the program of serve.md prints what the page says', async () => {
    const page = read('docs/serve.md')
    const [, program = ''] = /```ts\n([\s\S]*?)```/.exec(page) ?? []
    const [, printed] = /It prints "([^"]*)"/.exec(page) ?? []
    await mkdir(join(ROOT, 'conform-results'), { recursive: true })
    const folder = await mkdtemp(join(ROOT, 'conform-results', 'program-'))
    try {
      const file = join(folder, 'mine.ts')
      await writeFile(file, program.replaceAll("'./mocks/", "'../../mocks/"))
      const { stdout } = await promisify(execFile)(process.execPath, [file])
      expect(stdout).toBe(`${printed}\n`)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  test('the lines of drivers.md are messages of the protocol', () => {
    const [, block = ''] = /```jsonl\n([\s\S]*?)```/.exec(read('docs/drivers.md')) ?? []
    const lines = block.trim().split('\n')
    expect(lines.length).toBeGreaterThan(8)
    for (const line of lines) {
      const schema = line.startsWith('> ') ? toDriver : fromDriver
      expect(schema.safeParse(JSON.parse(line.slice(2))).error, line).toBeUndefined()
    }
  })
})

/** Words of `wire`, which plan.md leaves to the types. */
const WIRE = ['chunk', 'eol', 'lf', 'crlf', 'comments', 'done', 'unknown', 'noSequence', 'obfuscation']

/** Returns the names of fields and the words of enumerations in a JSON Schema. */
function wordsOf(schema: unknown): Set<string> {
  const words = new Set<string>()
  const visit = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return
    const { properties, enum: choices, const: only } = value as Record<string, unknown>
    const named = [...Object.keys(properties ?? {}), ...(Array.isArray(choices) ? choices : [only])]
    for (const word of named) if (typeof word === 'string' && !WIRE.includes(word)) words.add(word)
    for (const inner of Object.values(value)) visit(inner)
  }
  visit(schema)
  return words
}

function withLines(): [string, CommandLine[]][] {
  return linesByPage.flatMap(({ page, lines }) => {
    const own = lines.filter((line) => conformArguments(line) !== undefined)
    return own.length === 0 ? [] : [[page, own]]
  })
}

/** Returns the commands that run within seconds, each once. */
function cheapLines(): [string, string[]][] {
  const cheap = ['list', 'explain', 'schema', 'check']
  const found = new Map<string, string[]>()
  for (const line of allLines) {
    const args = conformArguments(line)
    if (args === undefined || !cheap.includes(args[0] ?? '')) continue
    const files = args.slice(1).filter((word) => args[0] === 'check' && !existsSync(resolve(ROOT, word)))
    if (files.length === 0 && args[1] !== 'instructions-each-time') found.set(args.join(' '), args)
  }
  return [...found]
}

/** Parses a command line with the commands of `conform`. Nothing is run. Rejects if the parser refuses the line. */
async function parse(line: CommandLine): Promise<void> {
  const program = new Command('conform').exitOverride().configureOutput({ writeErr: () => {} })
  for (const file of globSync('cli/commands/*.ts', { cwd: ROOT, exclude: ['**/*.test.ts'] })) {
    const module = (await import(resolve(ROOT, file))) as Record<string, unknown>
    for (const [name, add] of Object.entries(module))
      if (name.endsWith('Command')) (add as (program: Command) => void)(program)
  }
  for (const command of program.commands) command.action(() => {})
  await program.parseAsync(conformArguments(line) ?? [], { from: 'user' })
}

type Kind = 'runtime' | 'scenario' | 'invariant' | 'defect' | 'variant' | 'file'

/** Returns what a command line names: the values of options, and what `explain` and `lock` take. */
function namedIn(args: readonly string[]): { kind: Kind; name: string }[] {
  const options: Record<string, Kind> = {
    '--runtime': 'runtime',
    '--against': 'runtime',
    '--scenario': 'scenario',
    '--invariant': 'invariant',
    '--defect': 'defect',
    '--variant': 'variant',
    '--plan': 'file',
  }
  const [command = '', first = ''] = args
  const named = args.flatMap((word, at) => {
    const kind = options[word]
    return kind === undefined ? [] : [{ kind, name: args[at + 1] ?? '' }]
  })
  if (command === 'explain') named.push({ kind: 'invariant', name: first })
  if (command === 'lock') named.push({ kind: 'runtime', name: first })
  return named.map(({ kind, name }) => ({
    kind,
    name: kind === 'runtime' ? name.replace(/[@+].*/, '') : name,
  }))
}

interface Listed {
  runtimes: { name: string }[]
  scenarios: { name: string; cases: string[] }[]
  invariants: { id: string }[]
  comparisons: { id: string }[]
}

async function knownNames(): Promise<Record<Kind, ReadonlySet<string>>> {
  const listed = JSON.parse((await run('list', '--json', '-')).stdout) as Listed
  const namesIn = (folder: string) =>
    new Set(globSync(`${folder}/*.ts`, { cwd: ROOT }).map((file) => file.replace(/^.*\/|\.ts$/g, '')))
  return {
    runtime: new Set(listed.runtimes.map(({ name }) => name)),
    scenario: new Set(
      listed.scenarios.flatMap(({ name, cases }) => [name, ...cases.map((one) => `${name}/${one}`)]),
    ),
    invariant: new Set([...listed.invariants, ...listed.comparisons].map(({ id }) => id)),
    defect: namesIn('runtimes/reference/defects'),
    variant: namesIn('runtimes/reference/variants'),
    file: new Set(globSync('runtimes/**/*.json', { cwd: ROOT, exclude: (name) => name === 'node_modules' })),
  }
}

/** Whether the page shows the file that makes the name exist, as CONTRIBUTING.md does with its examples. */
function isMadeOn(text: string, name: string): boolean {
  const [first = '', last = first] = name.split('/')
  const made = [`/${first}.ts\``, `runtimes/${first}/adapter.ts`, `'${last}'`]
  return made.some((one) => text.includes(one))
}
