/**
 * Feeds damaged files to every reader of what strangers write. Started by tests as
 * `node --permission … fuzz-codecs.ts SEED COUNT FOLDER`, so that Node itself stops a process that is started or a file
 * that is written outside FOLDER. Prints one line of JSON: how many inputs were read and refused, and what crashed.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { stringify } from 'yaml'
import { readManifest } from '../../harness/environments/manifest.ts'
import { readPublishedPackage } from '../../harness/environments/published.ts'
import { readBaseline } from '../../harness/known/baseline.ts'
import { readCounterexample } from '../../harness/known/counterexample.ts'
import { readZooRows } from '../../harness/known/zoo.ts'
import { readPlan } from '../../harness/plan/codec.ts'
import { createPlainPlan } from '../../harness/testing/plans.ts'
import { readRecordingFile } from '../../mocks/recordings/formats/read.ts'
import { RecordingError } from '../../mocks/recordings/problem.ts'

const [seed = '1', count = '1000', folder = ''] = process.argv.slice(2)

/** What a stranger may write where something else is expected. */
const HOSTILE: readonly unknown[] = [
  ...[
    null,
    true,
    0,
    -1,
    1e308,
    Number.MAX_SAFE_INTEGER + 1,
    0.1,
    '',
    ' ',
    '\0',
    'a\nb',
    '\r\n',
    '\u202e',
    '\ud800',
  ],
  ...[
    '../../etc/passwd',
    '/etc/passwd',
    './evil',
    'x/../..',
    '-rf',
    '--index-url=http://x',
    'file:///x',
    'git+ssh://x/y',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'NaN',
    '1.0.0\n',
    '>=1',
    'latest',
    '*',
    'v1.0.0',
    '1.0.0+local',
    '１.0.0',
  ],
  ...[
    'a'.repeat(100_000),
    'é'.repeat(200),
    '$(touch x)',
    '`touch x`',
    '%2e%2e%2f',
    'con',
    'nul.json',
    '.',
    '..',
  ],
  ...[
    [],
    {},
    [[]],
    { __proto__: null },
    JSON.parse('{"__proto__": {"a": 1}}'),
    Array(1_000).fill(0),
    new Date(0),
  ],
  Array.from({ length: 80 }).reduce<unknown>((inner) => [inner], 'deep'),
]

const counterexample = {
  schema: 1,
  runtime: 'reference',
  version: '1.0.0',
  scenario: 'sessions',
  invariant: 'no-leaked-spans',
  transport: 'fetch',
  violations: [{ message: 'left open', at: 1 }],
  ends: ['c0.t0 completed'],
  plan: createPlainPlan(),
}
const entry = {
  scenario: 'sessions',
  invariant: 'no-leaked-spans',
  plan: 'plan.json',
  kind: 'bug',
  reason: 'because',
  since: '2026-11-20',
  expires: '2036-11-20',
}
const row = {
  seed: 'some-bug',
  version: '1.0.0',
  scenario: 'sessions',
  plan: 'plan.json',
  invariant: 'no-leaked-spans',
  colour: 'red',
  others: ['no-egress'],
  link: 'https://example.invalid/1',
}
const manifest = {
  about: 'a runtime',
  language: 'python',
  driver: 'driver.py',
  package: 'some-package',
  version: '1.0.0',
  python: '>=3.10',
  requires: ['other=={version}', 'third>=1,<2'],
  versions: { '0.9.0': ['other==0.8', '!third'] },
  env: { SOME_SETTING: '1' },
  builds: ['fourth'],
}
const adapter = {
  name: 'mine',
  type: 'module',
  runtime: 'some-package',
  dependencies: { 'some-package': '1.0.0', '@scope/other': '2.0.0' },
}
const recording = JSON.parse(
  readFileSync(new URL('../../mocks/recordings/own/text.json', import.meta.url), 'utf8'),
) as unknown

/** A file in the folder, and who reads it. */
interface Target {
  name: string
  value: unknown
  file: string
  yaml?: true
  read(path: string): unknown
}

const text = (path: string) => readFileSync(path, 'utf8')
const targets: readonly Target[] = [
  { name: 'plan', value: createPlainPlan(), file: 'a.json', read: (path) => readPlan(text(path), path) },
  {
    name: 'counterexample',
    value: counterexample,
    file: 'b.json',
    read: (path) => readCounterexample(text(path), path),
  },
  { name: 'known', value: [entry, entry], file: 'known.yaml', yaml: true, read: () => readBaseline(folder) },
  { name: 'zoo', value: [row], file: 'zoo.yaml', yaml: true, read: () => readZooRows(folder) },
  {
    name: 'manifest',
    value: manifest,
    file: 'runtime/manifest.yaml',
    yaml: true,
    read: () => readManifest(join(folder, 'runtime')),
  },
  { name: 'package', value: adapter, file: 'package.json', read: () => readPublishedPackage(folder) },
  { name: 'recording', value: recording, file: 'recording.json', read: (path) => readRecordingFile(path) },
]

/** A hostile value as the text of a key, or as a piece of a file. */
function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** A random number below `most`, drawn for the mutation that is being made. */
type Draw = (most: number) => number

/** Changes one place of a value: replaces, removes or adds something there. */
function damage(value: unknown, draw: Draw): unknown {
  const hostile = () => HOSTILE[draw(HOSTILE.length)]
  if (typeof value !== 'object' || value === null || draw(6) === 0) return hostile()
  if (Array.isArray(value)) {
    const at = draw(value.length + 1)
    const way = draw(8)
    if (at === value.length || way === 0) return [...value, hostile()]
    if (way === 1) return value.toSpliced(at, 1)
    return value.with(at, damage(value[at], draw))
  }
  const entries = Object.entries(value)
  const at = draw(entries.length + 1)
  const way = draw(8)
  const [key = '', held] = entries[at] ?? []
  if (at === entries.length || way === 0) return { ...value, [wordOf(hostile()).slice(0, 40)]: hostile() }
  if (way === 1) return Object.fromEntries(entries.toSpliced(at, 1))
  return { ...value, [key]: damage(held, draw) }
}

/** Damages a file's text: cuts it, doubles a part, or puts something between. */
function damageText(whole: string, draw: Draw): string {
  const at = draw(whole.length + 1)
  const way = draw(12)
  if (way === 0) return whole.slice(0, at)
  if (way === 1) return whole.slice(0, at) + wordOf(HOSTILE[draw(HOSTILE.length)]) + whole.slice(at)
  if (way === 2) return whole.slice(0, at) + whole.slice(Math.max(0, at - draw(200)))
  return whole
}

function written({ value, yaml }: Target, draw: Draw): string {
  let damaged = value
  for (let times = draw(3); times >= 0; times--) damaged = damage(damaged, draw)
  const whole = (yaml && draw(4) > 0 ? stringify(damaged) : JSON.stringify(damaged)) ?? ''
  return damageText(whole, draw)
}

/** The error that a reader is allowed to end with: it names the file, the place, what was found and what was expected. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof RecordingError && error.message.includes('found') && error.message.includes('expected')
  )
}

mkdirSync(join(folder, 'runtime'), { recursive: true })
writeFileSync(join(folder, 'runtime', 'driver.py'), '')
writeFileSync(join(folder, 'plan.json'), JSON.stringify(createPlainPlan()))
const told = { read: 0, refused: 0, crashed: [] as string[] }
// Each number is a generator's state: fast-check draws them all from the one seed.
for (const [index, start] of fc
  .sample(fc.nat({ max: 2 ** 31 - 1 }), { numRuns: Number(count), seed: Number(seed) })
  .entries()) {
  let state = start
  const draw: Draw = (most) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return (state >> 8) % most
  }
  const target = targets[index % targets.length] as Target
  const path = join(folder, target.file)
  const content = written(target, draw)
  writeFileSync(path, content)
  try {
    await target.read(path)
    told.read++
  } catch (error) {
    if (isRefusal(error)) told.refused++
    else
      told.crashed.push(`${target.name} ${index}: ${String(error).slice(0, 300)}: ${content.slice(0, 200)}`)
  }
}
process.stdout.write(`${JSON.stringify({ ...told, polluted: Object.keys(Object.prototype) })}\n`)
