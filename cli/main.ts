import { Command, CommanderError } from 'commander'
import pc from 'picocolors'
import { harness } from '../harness/contract/harness.ts'
import { RecordingError } from '../mocks/recordings/problem.ts'
import { addBenchCommand } from './commands/bench.ts'
import { addBisectCommand } from './commands/bisect.ts'
import { addCheckCommand } from './commands/check.ts'
import { addCoverageCommand } from './commands/coverage.ts'
import { addDefectsCommand } from './commands/defects.ts'
import { addExplainCommand } from './commands/explain.ts'
import { addListCommand } from './commands/list.ts'
import { addLockCommand } from './commands/lock.ts'
import { addMutateCommand } from './commands/mutate.ts'
import { addPlaybackCommand } from './commands/playback.ts'
import { addRecordCommand } from './commands/record.ts'
import { addReplayCommand } from './commands/replay.ts'
import { addRunCommand } from './commands/run.ts'
import { addSchemaCommand } from './commands/schema.ts'
import { addServeCommand } from './commands/serve.ts'
import { addVariantsCommand } from './commands/variants.ts'
import { addZooCommand } from './commands/zoo.ts'
import { exitCodes, UsageError } from './exit-codes.ts'

const program = new Command('conform')
  .description('Conformance and regression tests for agent runtimes that speak the OpenAI Responses API.')
  .version(harness.version)
  .showHelpAfterError('("conform --help" lists all commands and options)')
  .exitOverride()
  .addHelpText(
    'after',
    `
From a clone of the repository, start each command with "npx --yes pnpm@12 conform".

Exit codes:
  0  everything is as expected
  1  a must is violated, an entry of known.yaml is stale, or a checked file breaks a rule
  2  wrong usage
  3  fault of the harness

Examples:
  $ conform                              run every scenario on every runtime
  $ conform --runtime openai-agents --scenario stream-errors --runs 1000
  $ conform --runtime ./mine             test your own runtime: a folder with an adapter.ts
  $ conform replay FILE                  run a counterexample again
  $ conform coverage --seed 1            count what the generated plans reach
  $ conform explain no-leaked-spans      explain an invariant
  $ conform check traffic.sse            check a captured stream
  $ conform serve --port 8080            serve a simulated Responses API`,
  )

for (const add of [
  addRunCommand,
  addReplayCommand,
  addExplainCommand,
  addListCommand,
  addCoverageCommand,
  addDefectsCommand,
  addVariantsCommand,
  addMutateCommand,
  addZooCommand,
  addBisectCommand,
  addLockCommand,
  addCheckCommand,
  addRecordCommand,
  addServeCommand,
  addPlaybackCommand,
  addSchemaCommand,
  addBenchCommand,
])
  add(program)

// A reader such as `head` closes the pipe before all output is written.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? exitCodes.expected)
    throw error
  })

// Vitest, once it is loaded, ends the process at an unhandled rejection without a word.
for (const event of ['unhandledRejection', 'uncaughtException'] as const)
  process.on(event, (error: unknown) => process.exit(reportError(error)))

try {
  // pnpm passes on the "--" that separates its options from those of this command.
  await program.parseAsync(process.argv.filter((argument, place) => !(place === 2 && argument === '--')))
} catch (error) {
  process.exitCode = reportError(error)
}

function reportError(error: unknown): number {
  // Commander has already printed its message. Help and version are not errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.expected : exitCodes.usage
  if (error instanceof UsageError || error instanceof RecordingError) {
    console.error(pc.red(error.message))
    return exitCodes.usage
  }
  const { code, syscall, port } = error as NodeJS.ErrnoException & { port?: number }
  if (syscall === 'listen') {
    console.error(
      pc.red(
        `--port ${port}: ${code === 'EADDRINUSE' ? 'is in use' : code}, expected a free port; 0 chooses one`,
      ),
    )
    return exitCodes.usage
  }
  console.error(pc.red('Fault of the harness:'), error)
  return exitCodes.harness
}
