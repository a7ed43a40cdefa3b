import type { Counterexample } from '../../harness/known/counterexample.ts'
import type { Seen } from '../../harness/repro/asked.ts'
import { literal } from '../../harness/repro/literal.ts'
import type { Exchange, Traffic } from '../../harness/repro/traffic.ts'
import { printable } from '../../mocks/printable.ts'
import { shownBy } from './shown-by.ts'
import { sourceOf } from './source.ts'

/** What a reproduction is made of. */
export interface ReproParts {
  counterexample: Counterexample
  statement: string
  source: string
  traffic: Traffic
  /** What the harness saw while the traffic was recorded. */
  seen: Seen
  /** Packages to install, NAME@VERSION. */
  packages: readonly string[]
  code: { imports: string; body: string }
}

/** Source files of ours that go into every reproduction as they are, in this order. */
const PIECES = ['../../harness/repro/asked.ts', './pieces/server.ts', './pieces/watch.ts', './pieces/act.ts']

/** A TypeScript file that shows a violation without the harness: with MSW, the runtime, and what that depends on. */
export function reproFile(parts: ReproParts): string {
  const { counterexample, traffic, seen, code } = parts
  const pieces = PIECES.map(sourceOf)
  const sections = [
    heading(parts),
    [`import { HttpResponse, http } from 'msw'`, `import { setupServer } from 'msw/node'`, code.imports].join(
      '\n',
    ),
    `/** What the service answers, request by request, as it was on the wire. */\nconst answers: Answer[] = ${literal(traffic.exchanges.map(answerOf), 2)}`,
    `/** In which order it comes: an answer's number for its head and each piece of it, the name of a stop or of a tool's result. */\nconst sequence: (number | string)[] = ${literal(traffic.order)}`,
    `/** What the harness saw. */\nconst harness: Seen = ${literal(seen, 2)}`,
    ...pieces,
    `const watch = watching()\nconst order = inOrder(sequence)\nconst act = acting(order.turnOf)\nconst server = serve(answers, order, async (request) => {
  if (request.method === 'POST' && /\\/responses\\/*$/.test(new URL(request.url).pathname))
    watch.request(askedFor(JSON.parse(await request.text())))
})`,
    code.body,
    `server.close()\nconclude(watch.all(), harness, ${literal(printable(counterexample.violations[0]?.message ?? '', 300))})`,
  ]
  return `${sections.join('\n\n')}\n`
}

function heading({ counterexample, statement, source, packages }: ReproParts): string {
  const lines = [
    ...shownBy({ counterexample, statement, source }),
    'To run it, with Node 24:',
    `  npm install ${packages.join(' ')}`,
    '  node THIS-FILE.ts',
    'It ends with 1 where the violation is shown.',
  ]
  return lines.map((line) => `// ${printable(line, 1_000)}`.trimEnd()).join('\n')
}

function answerOf({ asked: _, ...answer }: Exchange) {
  return answer
}
