import type { Counterexample } from '../../harness/known/counterexample.ts'
import type { Observations } from '../../harness/repro/asked.ts'
import { formatLiteral } from '../../harness/repro/literal.ts'
import type { Exchange, Traffic } from '../../harness/repro/traffic.ts'
import { toPrintable } from '../../mocks/printable.ts'
import { formatViolationHead } from './shown-by.ts'
import { readSource } from './source.ts'

/** The parts of a script. */
export interface ReproParts {
  counterexample: Counterexample
  statement: string
  source: string
  traffic: Traffic
  /** What the harness observed while it recorded the traffic. */
  seen: Observations
  /** Packages to install, NAME@VERSION. */
  packages: readonly string[]
  code: { imports: string; body: string }
}

/** Source files of this project that are part of every script, in this order. */
const PIECES = ['../../harness/repro/asked.ts', './pieces/server.ts', './pieces/watch.ts', './pieces/act.ts']

/**
 * Returns a TypeScript script that shows a violation without the harness. It needs MSW, the runtime and its dependencies.
 */
export function buildReproFile(parts: ReproParts): string {
  const { counterexample, traffic, seen, code } = parts
  const pieces = PIECES.map(readSource)
  const sections = [
    formatHeading(parts),
    [`import { HttpResponse, http } from 'msw'`, `import { setupServer } from 'msw/node'`, code.imports].join(
      '\n',
    ),
    `/** The recorded answers of the service, in the order of the requests. */\nconst answers: Answer[] = ${formatLiteral(traffic.exchanges.map(removeRequest), 2)}`,
    `/** The order of events. A number is the head, a piece or the end of that answer; a text names a stop or a tool result. */\nconst sequence: (number | string)[] = ${formatLiteral(traffic.order)}`,
    `/** What the harness observed. */\nconst harness: Observations = ${formatLiteral(seen, 2)}`,
    ...pieces,
    `const watch = createWatch()\nconst order = createOrder(sequence)\nconst callTool = buildTools(order.waitForTurn)\nconst server = startService(answers, order, async (request) => {
  if (request.method === 'POST' && /\\/responses\\/*$/.test(new URL(request.url).pathname))
    watch.addRequest(summariseRequest(JSON.parse(await request.text())))
})`,
    code.body,
    `server.close()\nconclude(watch.collect(), harness, ${formatLiteral(toPrintable(counterexample.violations[0]?.message ?? '', 300))})`,
  ]
  return `${sections.join('\n\n')}\n`
}

function formatHeading({ counterexample, statement, source, packages }: ReproParts): string {
  const lines = [
    ...formatViolationHead({ counterexample, statement, source }),
    'To run this script with Node 24:',
    `  npm install ${packages.join(' ')}`,
    '  node THIS-FILE.ts',
    'Exit code 1: the violation occurred. Exit code 0: it did not.',
  ]
  return lines.map((line) => `// ${toPrintable(line, 1_000)}`.trimEnd()).join('\n')
}

function removeRequest({ asked: _, ...answer }: Exchange) {
  return answer
}
