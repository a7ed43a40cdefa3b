import type { Command } from 'commander'
import pc from 'picocolors'
import { toPrintable } from '../../mocks/printable.ts'
import { readRecordingFile } from '../../mocks/recordings/formats/read.ts'
import { parseJson } from '../../mocks/recordings/parse.ts'
import { answersSchema, describeProblem } from '../../mocks/service/answer-schema.ts'
import { ANSWER_HEADER, createServedService } from '../../mocks/service/served.ts'
import type { ScriptedAnswer } from '../../mocks/service/types.ts'
import type { ServiceEvent } from '../../mocks/service/watch.ts'
import { openTransport } from '../../mocks/transports.ts'
import { readUserText } from '../../mocks/user-file.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { writeJson } from '../json-file.ts'
import { parsePort } from '../number-options.ts'
import { waitForStop } from '../until-stopped.ts'

interface ServeOptions {
  port: string
  seed: string
  script?: string
  apiKey?: string
  json?: string
}

export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('Serve a stateful, simulated Responses API on 127.0.0.1, for clients in any language.')
    .option('--port <number>', 'port on 127.0.0.1; 0 chooses a free port', '0')
    .option(
      '--script <file>',
      'answers in order: a JSON list, or fixtures of aimock; further requests get a plain answer (default: call the first function that a request offers, then say a plain text)',
    )
    .option('--seed <text>', 'fixes all ids, token counts and delta sizes', 'service')
    .option('--api-key <key>', 'answer requests with any other key with 401')
    .option('--json <file>', 'at the end, write all events as JSON; - for stdout')
    .addHelpText(
      'after',
      `
The server runs until you interrupt it.
A request may carry its own answer, with faults, in the header ${ANSWER_HEADER}.
If a request with a fault is followed by an equal request, the second request counts as a retry.
faults[0] applies to the first attempt and faults[1] to the second. Attempts after the end of the list succeed.
Clients may also open a WebSocket at /v1/responses, for the WebSocket mode of the API.

Endpoints beside the API:
  PUT /_conformance/script     replaces the script
  POST /_conformance/script    adds answers to the script
  GET /_conformance/events     returns all events
  DELETE /_conformance         resets the service and the script

Examples:
  $ conform serve --port 8080
  $ curl http://127.0.0.1:8080/v1/responses -H 'content-type: application/json' \\
      -H '${ANSWER_HEADER}: {"items":[{"type":"text","text":"hi"}],"faults":[{"kind":"reset","at":4}]}' \\
      -d '{"model":"gpt-5.1","input":"hello","stream":true}'`,
    )
    .action(async (options: ServeOptions) => {
      process.exitCode = await serveUntilStopped(options)
    })
}

async function serveUntilStopped(options: ServeOptions): Promise<number> {
  const answers = options.script === undefined ? [] : await readScript(options.script)
  const service = createServedService(
    {
      seed: options.seed,
      watch: (event) => {
        const line = formatEvent(event)
        if (line !== undefined) console.error(line)
      },
      ...(options.apiKey === undefined ? {} : { apiKey: options.apiKey }),
    },
    answers,
  )
  const transport = await openTransport('http', service.handlers, {
    port: parsePort(options.port),
    openSocket: service.openSocket,
  })
  console.error(`serving the Responses API at ${transport.baseURL}`)
  await waitForStop()
  await transport.close()
  if (options.json !== undefined) await writeJson(options.json, { schema: 1, events: service.events() })
  return exitCodes.expected
}

/** Returns the line of an event for the log, or undefined for single stream events, which are not logged. */
function formatEvent(event: ServiceEvent): string | undefined {
  switch (event.type) {
    case 'request': {
      const { number, method, path, attempt } = event.request
      return `${number} ${method} ${toPrintable(path)}${attempt ? ` (attempt ${attempt + 1})` : ''}`
    }
    case 'request.refused': {
      const code = event.code ? ` ${event.code}` : ''
      return pc.yellow(`${event.request} refused ${event.status}${code} by rule ${event.rule}`)
    }
    case 'response.end':
      return pc.dim(`${event.request} ${formatEnding(event)}`)
    case 'request.cancelled':
      return pc.dim(`${event.request} cancelled`)
    case 'request.unscripted':
      return pc.dim(`${event.request} has no answer in the script`)
    case 'script-impossible':
      return pc.red(
        `${event.request} the script is impossible: found ${toPrintable(event.found)}, changed to ${toPrintable(event.adapted)}`,
      )
    case 'stalled':
    case 'stream.event':
      return undefined
  }
}

function formatEnding({
  outcome,
  status,
  response,
}: Extract<ServiceEvent, { type: 'response.end' }>): string {
  if (outcome === 'http') return `answered ${status ?? 'with a broken connection'}`
  return response === undefined ? outcome : `${outcome} ${response}`
}

/** Reads the answers of a script file: a JSON list, or fixtures of aimock. */
async function readScript(file: string): Promise<ScriptedAnswer[]> {
  let value: unknown
  try {
    value = parseJson(readUserText(file), file)
  } catch (error) {
    throw new UsageError(`--script ${toPrintable((error as Error).message, 1000)}`)
  }
  if (Array.isArray(value)) {
    const parsed = answersSchema.safeParse(value)
    if (parsed.success) return parsed.data
    throw new UsageError(`--script ${toPrintable(file)}: ${toPrintable(describeProblem(parsed.error))}`)
  }
  const { held } = await readRecordingFile(file).catch((error: Error) => {
    throw new UsageError(`--script ${toPrintable(error.message, 1000)}`)
  })
  if ('answers' in held) return held.answers
  throw new UsageError(
    `--script ${toPrintable(file)}: found recordings, expected answers; "conform playback" serves recordings`,
  )
}
