import { LLMock } from '@copilotkit/aimock'
import { getResponse, http, type RequestHandler } from 'msw'
import { setupServer } from 'msw/node'
import OpenAI from 'openai'
import { createPlayback } from '../mocks/recordings/playback.ts'
import type { RecordingFile } from '../mocks/recordings/types.ts'
import { splitFrames } from '../mocks/recordings/wire.ts'
import { openTransport, type TransportName } from '../mocks/transports.ts'
import type { Contestant } from './rounds.ts'

const BASE_URL = 'https://api.openai.com/v1'

/** A recorded stream, prepared for the contestants. */
export interface BenchedStream {
  file: RecordingFile
  body: OpenAI.Responses.ResponseCreateParamsStreaming
  wire: string
  headers: Record<string, string>
  text: string
  deltas: number
  events: number
}

/** Returns a contestant with a fetch that answers at once. This is the floor for every mock. */
export function stubContestant(stream: BenchedStream): Contestant {
  const respond = buildResponder(stream)
  return buildFetchContestant('a bare stub as fetch', stream, async () => respond())
}

export function getResponseContestant(stream: BenchedStream): Contestant {
  const handlers = buildHandlers(stream)
  const answer: typeof fetch = async (input, init) =>
    (await getResponse(handlers, new Request(input, init))) ?? Response.error()
  return buildFetchContestant('a bare getResponse', stream, answer)
}

export function ourContestant(name: TransportName, stream: BenchedStream): Contestant {
  return {
    name: `agent-conformance, ${name}`,
    async open() {
      const { handlers } = createPlayback([stream.file], { loop: true })
      const transport = await openTransport(name, handlers, { baseURL: BASE_URL })
      const client = { baseURL: transport.baseURL, ...(transport.fetch ? { fetch: transport.fetch } : {}) }
      return { run: buildClientJob(client)(stream), close: () => transport.close() }
    },
  }
}

export function mswContestant(stream: BenchedStream): Contestant {
  return {
    name: 'bare MSW, setupServer',
    async open() {
      const server = setupServer(...buildHandlers(stream))
      server.listen({ onUnhandledFrame: 'error' })
      return { run: buildClientJob({})(stream), close: async () => server.close() }
    },
  }
}

/** Returns nock as a contestant. It patches the process when it is loaded, so it is loaded and restored in each round. */
export function nockContestant(stream: BenchedStream): Contestant {
  return {
    name: 'nock',
    async open() {
      const { default: nock } = await import('nock')
      if (!nock.isActive()) nock.activate()
      nock(BASE_URL).persist().post('/responses').reply(200, stream.wire, stream.headers)
      return {
        run: buildClientJob({})(stream),
        close: async () => {
          nock.cleanAll()
          nock.restore()
        },
      }
    },
  }
}

/** Returns Polly as a contestant. It answers from its own route handler, which is its fastest way. */
export function pollyContestant(stream: BenchedStream): Contestant {
  return {
    name: '@pollyjs/core with its fetch adapter',
    async open() {
      const { Polly } = await import('@pollyjs/core')
      const { default: FetchAdapter } = await import('@pollyjs/adapter-fetch')
      Polly.register(FetchAdapter as never)
      const polly = new Polly('bench', { adapters: ['fetch'], mode: 'passthrough', logLevel: 'silent' })
      polly.server.post(`${BASE_URL}/responses`).intercept((_, response) => {
        response.status(200).setHeaders(stream.headers).send(stream.wire)
      })
      return { run: buildClientJob({ fetch: globalThis.fetch })(stream), close: () => polly.stop() }
    },
  }
}

/** Returns aimock as a contestant. It holds no wire text, so it cuts the same text into the same number of deltas. */
export function aimockContestant(stream: BenchedStream): Contestant {
  return {
    name: '@copilotkit/aimock',
    async open() {
      const mock = new LLMock({ port: 0, latency: 0, logLevel: 'silent' })
      const chunkSize = Math.ceil(stream.text.length / stream.deltas)
      mock.addFixture({ match: {}, response: { content: stream.text }, chunkSize, latency: 0 })
      await mock.start()
      return { run: buildClientJob({ baseURL: `${mock.url}/v1` })(stream), close: () => mock.stop() }
    },
  }
}

function buildFetchContestant(name: string, stream: BenchedStream, answer: typeof fetch): Contestant {
  return {
    name,
    open: async () => ({ run: buildClientJob({ fetch: answer })(stream), close: async () => {} }),
  }
}

/** Returns a job that requests a stream through the `openai` SDK, reads it to its end, and checks its text. */
function buildClientJob(options: { baseURL?: string; fetch?: typeof fetch }) {
  return ({ body, text }: BenchedStream) => {
    const client = new OpenAI({ apiKey: 'sk-bench', maxRetries: 0, baseURL: BASE_URL, ...options })
    return async () => {
      let gathered = ''
      for await (const event of await client.responses.create(body))
        if (event.type === 'response.output_text.delta') gathered += event.delta
      if (gathered !== text)
        throw new Error(`a stream of the benchmark has the wrong text: found ${JSON.stringify(gathered)}`)
    }
  }
}

/** Returns a function that builds the recorded response. Each frame is one chunk, and all chunks are available at once. */
function buildResponder({ wire, headers }: BenchedStream): () => Response {
  const encoder = new TextEncoder()
  const frames = splitFrames(wire).map((frame) => encoder.encode(frame))
  return () => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const frame of frames) controller.enqueue(frame)
        controller.close()
      },
    })
    return new Response(body, { headers })
  }
}

function buildHandlers(stream: BenchedStream): RequestHandler[] {
  const respond = buildResponder(stream)
  return [http.post(`${BASE_URL}/responses`, respond)]
}
