import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Turn } from '../../harness/plan/types.ts'
import { type Observations, type RequestSummary, summariseRequest } from '../../harness/repro/asked.ts'
import type { Exchange } from '../../harness/repro/traffic.ts'
import { resolveInsideFolder } from '../../mocks/inside-folder.ts'
import { toPrintable } from '../../mocks/printable.ts'
import { readUserText } from '../../mocks/user-file.ts'
import { hidePlaces } from './hidden-places.ts'
import { formatPythonText, formatPythonValue } from './python-literal.ts'
import type { ReproParts } from './repro-file.ts'
import { formatViolationHead } from './shown-by.ts'

/** The parts of a script in Python. */
export interface PythonParts
  extends Pick<ReproParts, 'counterexample' | 'statement' | 'source' | 'traffic' | 'seen'> {
  /** Packages to install, as NAME==VERSION: the packages of the manifest, and their dependencies. */
  packages: { named: readonly string[]; beside: readonly string[] }
  /** The environment variables of the driver's process. */
  environment: Readonly<Record<string, string>>
  /** The sources of the driver's modules by their names. */
  sources: ReadonlyMap<string, string>
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Files of this project that are part of every script, in this order. */
const PIECES = ['service.py', 'watch.py', 'play.py', 'embedded.py'] as const

const SHARED = here('../../drivers/python/conformance_driver')

/** Replacements for shared driver modules that talk to the harness. Other modules import only their names. */
const STAND_INS: Readonly<Record<string, string>> = {
  lines: '# The class Watch in this file replaces this module.\nLines = object',
}

/** Reads the source files of a driver and the modules that all drivers share. */
export function readDriverSources(folder: string): Map<string, string> {
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
    // A symbolic link could copy a private file of the user into the script.
    readUserText(resolveInsideFolder(folder, file, { file: join(folder, file), place: 'file' })),
  ])
  return new Map([...own, ...shared])
}

/**
 * Returns a Python script that shows a violation without the harness. It needs only the packages of the runtime. It contains
 * the sources of the driver, so it drives the runtime as the harness does.
 */
export function buildPythonFile(parts: PythonParts): string {
  const { counterexample, traffic, seen, environment, sources } = parts
  const { imports, bodies } = readPieces()
  const answers = hidePlaces(traffic.exchanges.map(buildAnswer))
  const asked = answers.flatMap(({ asked }) => (asked === null ? [] : [asked]))
  // A dropped run may have delivered any number of updates, so these are not compared.
  const updates = Object.fromEntries(Object.entries(seen.updates).filter(([run]) => run in seen.outcomes))
  const harness: Observations = hidePlaces({ ...seen, updates, requests: asked })
  const { team, flow, conversations, mode } = counterexample.plan
  const said = conversations.map((one, number) => ({
    ...one,
    turns: one.turns.map(({ answers: _, ...turn }, at) =>
      setStopPoint(turn, traffic.taken[`c${number}.t${at}`]),
    ),
  }))
  const plan = { team, ...(flow ? { flow } : {}), conversations: said, mode }
  const violation = toPrintable(counterexample.violations[0]?.message ?? '', 300)
  const data: [string, string, unknown][] = [
    ['PLAN', 'What users say, what tools do, and which runs stop.', plan],
    ['ANSWERS', 'The recorded answers of the service, with the requests.', answers],
    [
      'SEQUENCE',
      'The order of events. A number is the head, a piece or the end of that answer; a text names a stop or a tool result.',
      traffic.order,
    ],
    ['HARNESS', 'What the harness observed.', harness],
    ['ENVIRONMENT', 'Environment variables of the driver.', environment],
    ['VIOLATION', 'The message of the violation.', violation],
  ]
  const sections = [
    formatHeading(parts),
    imports,
    ...data.map(([name, about, value]) => `${name} = ${formatPythonValue(value)}\n"""${about}"""`),
    ...bodies,
    `SOURCES = {\n${[...sources].map(([name, text]) => `    "${name}": ${formatPythonText(text)},`).join('\n')}\n}\n"""The modules of the driver, and the modules that all drivers share."""`,
    main,
  ]
  return `${sections.join('\n\n\n')}\n`
}

/** Returns a turn with its stop after the number of updates that the consumer had received in the recorded run. */
function setStopPoint<T extends Pick<Turn, 'stop'>>(turn: T, taken: number | undefined): T {
  return turn.stop && taken !== undefined
    ? { ...turn, stop: { ...turn.stop, after: { updates: taken } } }
    : turn
}

const main = `if __name__ == "__main__":
    try:
        prepare_process(SOURCES, ENVIRONMENT)
        seen = run_plan(PLAN, ANSWERS, SEQUENCE)
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
        sys.__stderr__.flush()
        os._exit(2)
    conclude(seen, HARNESS, VIOLATION)`

/** Reads the pieces, and collects their imports at one place. */
function readPieces(): { imports: string; bodies: string[] } {
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

type Answer = Omit<Exchange, 'asked'> & { asked: RequestSummary | null }

/** Returns an exchange with a short form of its request. A reproduction recognises the request by it. */
function buildAnswer(exchange: Exchange): Answer {
  const { method, path, asked } = exchange
  const asks = method === 'POST' && /\/(responses|chat\/completions)\/*$/.test(path)
  return {
    ...exchange,
    asked: asks ? removeInstructions(summariseRequest(JSON.parse(asked) as Record<string, unknown>)) : null,
  }
}

/** Removes the instructions, because some runtimes describe their machine in them. */
function removeInstructions({ from, input }: RequestSummary): RequestSummary {
  return { from, input: input.filter((item) => !/^(system|developer)\b/.test(item)) }
}

function formatHeading({ counterexample, statement, source, packages }: PythonParts): string {
  const lines = [
    ...formatViolationHead({ counterexample, statement, source }),
    'To run this script:',
    `  pip install ${packages.named.join(' ')}`,
    '  python THIS-FILE.py',
    'Exit code 1: the violation occurred. Exit code 0: it did not.',
    '',
    'The script drives the runtime through the driver of the harness. SOURCES below contains that driver.',
    'pip also installs these dependencies; some of them only on certain platforms:',
    ...wrapWords(packages.beside).map((line) => `  ${line}`),
  ]
  return lines.map((line) => `# ${toPrintable(line, 1_000)}`.trimEnd()).join('\n')
}

function wrapWords(words: readonly string[]): string[] {
  const lines: string[] = []
  for (const word of words) {
    const last = lines.at(-1)
    if (last === undefined || last.length + word.length > 110) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}
