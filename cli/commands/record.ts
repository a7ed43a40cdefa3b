import type { Command } from 'commander'
import pc from 'picocolors'
import { toPrintable } from '../../mocks/printable.ts'
import { createAnonymiser } from '../../mocks/recordings/record/anonymise.ts'
import { startRecorder } from '../../mocks/recordings/record/recorder.ts'
import { listEnvironmentSecrets } from '../../mocks/recordings/record/secrets.ts'
import { countWithNoun } from '../../reports/count-with-noun.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { writeJson } from '../json-file.ts'
import { parsePort } from '../number-options.ts'
import { waitForStop } from '../until-stopped.ts'

interface RecordOptions {
  upstream: string
  out: string
  port: string
  name?: string
  anonymise: boolean
  json?: string
}

export function addRecordCommand(program: Command): void {
  program
    .command('record')
    .description('Record traffic with a proxy on 127.0.0.1 between your client and the service.')
    .requiredOption('--upstream <url>', 'base URL of the service, such as https://api.openai.com/v1')
    .requiredOption('--out <dir>', 'folder for the recordings, one file per conversation')
    .option('--port <number>', 'port on 127.0.0.1; 0 chooses a free port', '0')
    .option('--name <id>', 'prefix of the recording ids; a number follows')
    .option(
      '--anonymise',
      'replace all free text, names and ids; lengths, structure and references stay',
      false,
    )
    .option('--json <file>', 'at the end, write the names of the files and the errors as JSON; - for stdout')
    .addHelpText(
      'after',
      `
Use the printed URL as the base URL of your client, also for WebSockets. The proxy runs until you interrupt it.
The recordings contain no credentials, cookies, organisation ids, project ids or user ids. If a secret is left in a file
all the same, the file is not written.

Exit codes:
  0  everything was recorded
  1  something could not be recorded
  2  wrong usage

Example:
  $ conform record --upstream https://api.openai.com/v1 --out recordings --anonymise`,
    )
    .action(async (options: RecordOptions) => {
      process.exitCode = await recordUntilStopped(options)
    })
}

async function recordUntilStopped(options: RecordOptions): Promise<number> {
  if (!URL.canParse(options.upstream) || !/^https?:/.test(options.upstream))
    throw new UsageError(
      `--upstream: found "${toPrintable(options.upstream)}", expected an http or https URL`,
    )
  const anonymiser = options.anonymise ? createAnonymiser() : undefined
  const recorder = await startRecorder({
    upstream: options.upstream,
    out: options.out,
    port: parsePort(options.port),
    secrets: listEnvironmentSecrets(process.env),
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(anonymiser ? { change: anonymiser } : {}),
    onExchange: ({ method, path, status, cut }) =>
      console.error(
        `${pc.green('recorded')} ${method} ${toPrintable(path)} ${status}${cut ? `, cut off by the ${cut}` : ''}`,
      ),
    onError: (error) => console.error(`${pc.red('not recorded')} ${toPrintable(error.message, 1000)}`),
  })
  console.error(
    `recording ${toPrintable(options.upstream)} at ${recorder.baseURL} (use this base URL in your client)`,
  )
  await waitForStop()
  const { written, errors } = await recorder.close()
  if (options.json !== undefined)
    await writeJson(options.json, { schema: 1, written, errors: errors.map(({ message }) => message) })
  console.error(
    `${countWithNoun(written.length, 'file')} written to ${toPrintable(options.out)}, ${countWithNoun(errors.length, 'error')}`,
  )
  return errors.length > 0 ? exitCodes.violated : exitCodes.expected
}
