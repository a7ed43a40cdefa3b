import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Turn } from '../../harness/plan/types.ts'
import { type Asked, askedFor, type Seen } from '../../harness/repro/asked.ts'
import type { Exchange } from '../../harness/repro/traffic.ts'
import { pathInside } from '../../mocks/inside-folder.ts'
import { printable } from '../../mocks/printable.ts'
import { readUserText } from '../../mocks/user-file.ts'
import { hidePlaces } from './hidden-places.ts'
import { pythonLiteral, pythonSource } from './python-literal.ts'
import type { ReproParts } from './repro-file.ts'
import { shownBy } from './shown-by.ts'

/** What a reproduction in Python is made of. */
export interface PythonParts
  extends Pick<ReproParts, 'counterexample' | 'statement' | 'source' | 'traffic' | 'seen'> {
  /** Packages to install, NAME==VERSION: what the runtime is asked to be, and all that comes with it. */
  packages: { named: readonly string[]; beside: readonly string[] }
  /** The environment variables of the driver's process. */
  environment: Readonly<Record<string, string>>
  /** The sources of the driver's modules by their names. */
  sources: ReadonlyMap<string, string>
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Files of ours that stand in every reproduction as they are, in this order. */
const PIECES = ['service.py', 'watch.py', 'play.py', 'embedded.py'] as const

const SHARED = here('../../drivers/python/conformance_driver')

/** Of what drivers share, the way to the harness is not needed: their names are all that others ask for. */
const STAND_INS: Readonly<Record<string, string>> = {
  lines: '# In its place stands Watch, in this file.\nLines = object',
}

/** The sources of a runtime's driver, and of what drivers share, as modules. */
export function driverSources(folder: string): Map<string, string> {
  const ownOf = (of: string) =>
    readdirSync(of)
      .filter((file) => file.endsWith('.py'))
      .sort()
  const nameOf = (file: string) => basename(file, '.py')
  const shared = ownOf(SHARED)
    .filter((file) => file !== '__main__.py')
    .map((file): [string, string] => [
      file === '__init__.py' ? 'conformance_driver' : `conformance_driver.${nameOf(file)}`,
      STAND_INS[nameOf(file)] ?? readFileSync(join(SHARED, file), 'utf8'),
    ])
  const own = ownOf(folder).map((file): [string, string] => [
    nameOf(file),
    // A link could bring a file of the user's into what is passed on.
    readUserText(pathInside(folder, file, { file: join(folder, file), place: 'file' })),
  ])
  return new Map([...own, ...shared])
}

/**
 * A Python file that shows a violation without the harness: with the runtime's own packages and Python's standard library. It
 * holds the driver's sources, by which it drives the runtime as the harness does.
 */
export function pythonFile(parts: PythonParts): string {
  const { counterexample, traffic, seen, environment, sources } = parts
  const { imports, bodies } = pieces()
  const answers = hidePlaces(traffic.exchanges.map(answerOf))
  const asked = answers.flatMap(({ asked }) => (asked === null ? [] : [asked]))
  // How much came of a run before its consumer dropped it hangs on the moment.
  const updates = Object.fromEntries(Object.entries(seen.updates).filter(([run]) => run in seen.outcomes))
  const harness: Seen = hidePlaces({ ...seen, updates, requests: asked })
  const { team, flow, conversations, mode } = counterexample.plan
  const said = conversations.map((one, number) => ({
    ...one,
    turns: one.turns.map(({ answers: _, ...turn }, at) => leaving(turn, traffic.taken[`c${number}.t${at}`])),
  }))
  const plan = { team, ...(flow ? { flow } : {}), conversations: said, mode }
  const violation = printable(counterexample.violations[0]?.message ?? '', 300)
  const data: [string, string, unknown][] = [
    ['PLAN', 'What is said and done.', plan],
    ['ANSWERS', 'What the service answers, as it was on the wire, and to what.', answers],
    [
      'SEQUENCE',
      "In which order it comes: an answer's number for its head, each piece and its end, the name of a stop or of a tool's result.",
      traffic.order,
    ],
    ['HARNESS', 'What the harness saw.', harness],
    ['ENVIRONMENT', "What the driver's process knew beside.", environment],
    ['VIOLATION', 'What it said of that.', violation],
  ]
  const sections = [
    heading(parts),
    imports,
    ...data.map(([name, about, value]) => `${name} = ${pythonLiteral(value)}\n"""${about}"""`),
    ...bodies,
    `SOURCES = {\n${[...sources].map(([name, text]) => `    "${name}": ${pythonSource(text)},`).join('\n')}\n}\n"""The driver of the runtime and what drivers share, as modules."""`,
    main,
  ]
  return `${sections.join('\n\n\n')}\n`
}

/** When a consumer looked whether it is to leave is known by how many updates it had then. */
function leaving<T extends Pick<Turn, 'stop'>>(turn: T, taken: number | undefined): T {
  return turn.stop && taken !== undefined
    ? { ...turn, stop: { ...turn.stop, after: { updates: taken } } }
    : turn
}

const main = `if __name__ == "__main__":
    try:
        settle_in(SOURCES, ENVIRONMENT)
        seen = perform(PLAN, ANSWERS, SEQUENCE)
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
        sys.__stderr__.flush()
        os._exit(2)
    conclude(seen, HARNESS, VIOLATION)`

/** All pieces stand in one file, and so do their imports. */
function pieces(): { imports: string; bodies: string[] } {
  const texts = PIECES.map((file) => readFileSync(here(`./pieces/python/${file}`), 'utf8'))
  const imports = new Set([
    'import sys',
    'import traceback',
    ...texts.flatMap((text) => text.match(/^import .+$/gm) ?? []),
  ])
  return {
    imports: [...imports].sort().join('\n'),
    bodies: texts.map((text) => text.replaceAll(/^import .+\n/gm, '').trim()),
  }
}

type Answer = Omit<Exchange, 'asked'> & { asked: Asked | null }

/** An exchange, with as much of what was asked as tells the request for it from others. */
function answerOf(exchange: Exchange): Answer {
  const { method, path, asked } = exchange
  const asks = method === 'POST' && /\/(responses|chat\/completions)\/*$/.test(path)
  return { ...exchange, asked: asks ? saidIn(askedFor(JSON.parse(asked) as Record<string, unknown>)) : null }
}

/** Without the runtime's instructions, in which some tell of the machine that they run on. */
function saidIn({ from, input }: Asked): Asked {
  return { from, input: input.filter((item) => !/^(system|developer)\b/.test(item)) }
}

function heading({ counterexample, statement, source, packages }: PythonParts): string {
  const lines = [
    ...shownBy({ counterexample, statement, source }),
    'To run it:',
    ...installing(packages.named),
    '  python THIS-FILE.py',
    'It ends with 1 where the violation is shown, with 0 where it is not.',
    '',
    'It drives the runtime through the driver that the harness has for it, whose sources stand below (SOURCES).',
    'These come with it, on one platform or another:',
    ...wrapped(packages.beside).map((line) => `  ${line}`),
  ]
  return lines.map((line) => `# ${printable(line, 1_000)}`.trimEnd()).join('\n')
}

function installing(packages: readonly string[]): string[] {
  return [`  pip install ${packages.join(' ')}`]
}

function wrapped(words: readonly string[]): string[] {
  const lines: string[] = []
  for (const word of words) {
    const last = lines.at(-1)
    if (last === undefined || last.length + word.length > 110) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}
