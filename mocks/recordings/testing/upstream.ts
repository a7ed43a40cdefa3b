import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readRecordings } from '../formats/read.ts'
import { type Recorder, type RecordOptions, startRecorder } from '../record/recorder.ts'

export type Answering = (request: IncomingMessage & { text: string }, response: ServerResponse) => unknown

/** Starts an HTTP server on loopback that answers with `answer` and keeps all requests. */
export async function openUpstream(answer: Answering) {
  const requests: { method: string; url: string; headers: IncomingMessage['headers']; text: string }[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    requests.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, text })
    await answer(Object.assign(request, { text }), response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export interface RecordedRun {
  recorder: Recorder
  requests: Awaited<ReturnType<typeof openUpstream>>['requests']
  out: string
  post(
    body: unknown,
    headers?: Record<string, string>,
    path?: string,
    signal?: AbortSignal,
  ): Promise<Response>
  /** Stops the recorder and reads the written files. */
  finish(): Promise<Awaited<ReturnType<typeof readRecordings>> & { refused: string[]; names: string[] }>
}

/** Runs `work` with a recorder in front of an upstream server, and cleans up. */
export async function withRecorder(
  answer: Answering,
  work: (run: RecordedRun) => Promise<void>,
  options: Partial<RecordOptions> = {},
): Promise<void> {
  const upstream = await openUpstream(answer)
  const folder = await mkdtemp(join(tmpdir(), 'recorder-'))
  const out = join(folder, 'out')
  const recorder = await startRecorder({ upstream: `${upstream.url}/v1`, out, ...options })
  try {
    await work({
      recorder,
      requests: upstream.requests,
      out,
      post: (body, headers = {}, path = '/responses', signal) =>
        fetch(recorder.baseURL + path, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify(body),
          ...(signal && { signal }),
        }),
      finish: async () => {
        const { errors } = await recorder.close()
        const names = await readdir(out).catch(() => [])
        const read = await readRecordings(out).catch(() => ({
          recordings: [],
          scripts: [],
          withoutTraffic: [],
          errors: [],
        }))
        return { ...read, refused: errors.map(({ message }) => message), names }
      },
    })
  } finally {
    await recorder.close()
    await upstream.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Returns an answer with one JSON body. */
export const answerJson =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Answering =>
  (_, response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))

/** Returns an answer with an event stream, one write per piece. */
export const answerSse =
  (...pieces: (string | Uint8Array)[]): Answering =>
  (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
    for (const piece of pieces) response.write(piece)
    response.end()
  }
