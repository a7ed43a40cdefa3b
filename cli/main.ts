import { Command, CommanderError } from 'commander'
import pc from 'picocolors'
import { harness } from '../harness/contract/harness.ts'
import { RecordingError } from '../mocks/recordings/problem.ts'
import { benchCommand } from './commands/bench.ts'
import { bisectCommand } from './commands/bisect.ts'
import { checkCommand } from './commands/check.ts'
import { defectsCommand } from './commands/defects.ts'
import { explainCommand } from './commands/explain.ts'
import { listCommand } from './commands/list.ts'
import { lockCommand } from './commands/lock.ts'
import { playbackCommand } from './commands/playback.ts'
import { recordCommand } from './commands/record.ts'
import { replayCommand } from './commands/replay.ts'
import { runCommand } from './commands/run.ts'
import { schemaCommand } from './commands/schema.ts'
import { serveCommand } from './commands/serve.ts'
import { zooCommand } from './commands/zoo.ts'
import { exitCodes, UsageError } from './exit-codes.ts'

const program = new Command('conform')
  .description('Conformance and regression tests for agent runtimes that speak the OpenAI Responses API.')
  .version(harness.version)
  .showHelpAfterError('(conform --help shows what there is)')
  .exitOverride()
  .addHelpText(
    'after',
    `
Exit codes: 0 as expected, 1 a violated must, a stale entry of known.yaml or a broken rule, 2 wrong usage, 3 a fault of the harness.

Examples:
  $ conform                              every scenario on every runtime
  $ conform --runtime openai-agents --scenario stream-errors --runs 1000
  $ conform --runtime ./mine             a runtime of your own: a folder with an adapter.ts
  $ conform replay FILE                  a counterexample again
  $ conform explain no-leaked-spans      what an invariant states, and why
  $ conform check traffic.sse            is this captured stream legal?
  $ conform serve --port 8080            a stateful Responses API on loopback, for any client`,
  )

for (const add of [
  runCommand,
  replayCommand,
  explainCommand,
  listCommand,
  defectsCommand,
  zooCommand,
  bisectCommand,
  lockCommand,
  checkCommand,
  recordCommand,
  serveCommand,
  playbackCommand,
  schemaCommand,
  benchCommand,
])
  add(program)

// Who reads us may have seen enough, as `head` has.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? exitCodes.expected)
    throw error
  })

try {
  // pnpm hands a "--" on that separates its own options from ours.
  await program.parseAsync(process.argv.filter((argument, place) => !(place === 2 && argument === '--')))
} catch (error) {
  process.exitCode = exitCodeOf(error)
}

function exitCodeOf(error: unknown): number {
  // Commander has printed its message already; help and version are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.expected : exitCodes.usage
  if (error instanceof UsageError || error instanceof RecordingError) {
    console.error(pc.red(error.message))
    return exitCodes.usage
  }
  const { code, syscall, port } = error as NodeJS.ErrnoException & { port?: number }
  if (syscall === 'listen') {
    console.error(
      pc.red(
        `--port ${port}: ${code === 'EADDRINUSE' ? 'is in use' : code}, expected a free one; 0 takes one`,
      ),
    )
    return exitCodes.usage
  }
  console.error(pc.red('A fault of the harness:'), error)
  return exitCodes.harness
}
