import type { Command } from 'commander'
import pc from 'picocolors'
import { printable } from '../../mocks/printable.ts'
import { createAnonymiser } from '../../mocks/recordings/record/anonymise.ts'
import { record } from '../../mocks/recordings/record/recorder.ts'
import { secretsOfEnvironment } from '../../mocks/recordings/record/secrets.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { writeJson } from '../json-file.ts'
import { portOption } from '../number-options.ts'
import { untilStopped } from '../until-stopped.ts'

interface RecordOptions {
  upstream: string
  out: string
  port: string
  name?: string
  anonymise: boolean
  json?: string
}

export function recordCommand(program: Command): void {
  program
    .command('record')
    .description('Record traffic: a proxy on loopback in front of the service, that keeps the wire text.')
    .requiredOption('--upstream <url>', 'the base URL of the service, such as https://api.openai.com/v1')
    .requiredOption('--out <dir>', 'where the recordings are written, one file a conversation')
    .option('--port <number>', 'the port on 127.0.0.1; 0 takes a free one', '0')
    .option('--name <id>', 'the ids of the files are this and a number')
    .option(
      '--anonymise',
      'replace every free text, name and id, keeping lengths, structure and links',
      false,
    )
    .option('--json <file>', 'at the end, write which files were made and what was not kept; - for stdout')
    .addHelpText(
      'after',
      `
Give the printed URL to your client as its base URL. Credentials, cookies, organisation, project and user ids are
removed; a file in which a secret is found after that is not written. It runs until it is interrupted, and exits
with 1 if something could not be kept.

Example:
  $ conform record --upstream https://api.openai.com/v1 --out recordings --anonymise`,
    )
    .action(async (options: RecordOptions) => {
      process.exitCode = await recordUntilStopped(options)
    })
}

async function recordUntilStopped(options: RecordOptions): Promise<number> {
  if (!URL.canParse(options.upstream) || !/^https?:/.test(options.upstream))
    throw new UsageError(`--upstream: found "${printable(options.upstream)}", expected an http or https URL`)
  const anonymiser = options.anonymise ? createAnonymiser() : undefined
  const recorder = await record({
    upstream: options.upstream,
    out: options.out,
    port: portOption(options.port),
    secrets: secretsOfEnvironment(process.env),
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(anonymiser ? { change: anonymiser } : {}),
    onExchange: ({ method, path, status, cut }) =>
      console.error(
        `${pc.green('kept')} ${method} ${printable(path)} ${status}${cut ? `, cut by the ${cut}` : ''}`,
      ),
    onError: (error) => console.error(`${pc.red('not kept')} ${printable(error.message, 1000)}`),
  })
  console.error(`recording ${printable(options.upstream)} at ${recorder.baseURL}`)
  await untilStopped()
  const { written, errors } = await recorder.close()
  if (options.json !== undefined)
    await writeJson(options.json, { schema: 1, written, errors: errors.map(({ message }) => message) })
  console.error(`${written.length} files written to ${printable(options.out)}, ${errors.length} not kept`)
  return errors.length > 0 ? exitCodes.violated : exitCodes.expected
}
