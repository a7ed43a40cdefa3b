import type { Command } from 'commander'
import pc from 'picocolors'
import { append } from '../../mocks/append.ts'
import { toPrintable } from '../../mocks/printable.ts'
import { readRecordings } from '../../mocks/recordings/formats/read.ts'
import { createPlayback } from '../../mocks/recordings/playback.ts'
import { openTransport } from '../../mocks/transports.ts'
import { countWithNoun } from '../../reports/count-with-noun.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { writeJson } from '../json-file.ts'
import { parsePort } from '../number-options.ts'
import { waitForStop } from '../until-stopped.ts'

interface PlaybackOptions {
  port: string
  loop: boolean
  ignore: string[]
  json?: string
}

export function addPlaybackCommand(program: Command): void {
  program
    .command('playback')
    .description(
      'Serve recorded responses on 127.0.0.1, byte for byte, to requests that equal the recorded ones.',
    )
    .argument('<path...>', 'files or folders of recordings')
    .option('--port <number>', 'port on 127.0.0.1; 0 chooses a free port', '0')
    .option('--loop', 'serve the last equal recording again if all equal recordings are used', false)
    .option('--ignore <key...>', 'top-level keys of the request body that may differ', [])
    .option(
      '--json <file>',
      'at the end, write the served, refused and unused interactions and the unexercised recordings as JSON; - for stdout',
    )
    .addHelpText(
      'after',
      `
If a request equals no unused recording, the answer is 400 with the first difference from the most similar recording.
The server runs until you interrupt it.

Exit codes:
  0  every request was answered
  1  a request was refused
  2  wrong usage

Examples:
  $ conform playback mocks/recordings/own --port 8080
  $ conform playback traffic.json --ignore model --ignore metadata --json report.json`,
    )
    .action(async (paths: string[], options: PlaybackOptions) => {
      process.exitCode = await serveRecordings(paths, options)
    })
}

async function serveRecordings(paths: string[], options: PlaybackOptions): Promise<number> {
  const files = []
  const withoutTraffic: Error[] = []
  for (const path of paths) {
    const read = await readRecordings(path)
    const [error] = read.errors
    if (error) throw new UsageError(toPrintable(error.message, 1000))
    for (const { file } of read.recordings) files.push(file)
    append(withoutTraffic, read.withoutTraffic)
  }
  for (const { message } of withoutTraffic)
    console.error(`${pc.yellow('left out')} ${toPrintable(message, 1000)}`)
  if (files.length === 0)
    throw new UsageError(
      `playback: found no recording in ${paths.map((path) => toPrintable(path)).join(', ')}`,
    )
  const played = createPlayback(files, {
    loop: options.loop,
    ignore: options.ignore,
    hooks: ({ file, index }, { method }) => {
      console.error(`${pc.green('served')} ${method} from ${toPrintable(file)} interaction ${index}`)
      return undefined
    },
    mismatched: ({ message }) => console.error(`${pc.red('refused')} ${toPrintable(message, 1000)}`),
  })
  const count = files.reduce((sum, { recordings }) => sum + recordings.length, 0)
  const transport = await openTransport('http', played.handlers, { port: parsePort(options.port) })
  console.error(`serving ${countWithNoun(count, 'interaction')} at ${transport.baseURL}`)
  await waitForStop()
  await transport.close()
  const unexercised = played.unexercised()
  const unused = played.unused().map(({ file, index }) => ({ file, index }))
  if (options.json !== undefined)
    await writeJson(options.json, {
      schema: 1,
      served: played.served.map(({ file, index }) => ({ file, index })),
      refused: played.mismatches,
      unused,
      unexercised,
    })
  console.error(
    `${played.served.length} served, ${played.mismatches.length} refused, ${unused.length} unused`,
  )
  if (unexercised.length > 0)
    console.error(
      `${pc.yellow('unexercised')} no request was compared with ${countWithNoun(unexercised.length, 'recording')}: ` +
        toPrintable(unexercised.slice(0, 20).join(', '), 1000),
    )
  return played.mismatches.length > 0 ? exitCodes.violated : exitCodes.expected
}
