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

/** A recorded stream, with what the contestants need of it beforehand. */
export interface BenchedStream {
  file: RecordingFile
  body: OpenAI.Responses.ResponseCreateParamsStreaming
  wire: string
  headers: Record<string, string>
  text: string
  deltas: number
  events: number
}

/** A fetch that answers at once with the stream: the floor that no mock can go below. */
export function stubFetch(stream: BenchedStream): Contestant {
  const respond = responder(stream)
  return withFetch('a bare stub as fetch', stream, async () => respond())
}

export function bareGetResponse(stream: BenchedStream): Contestant {
  const handlers = bareHandlers(stream)
  const answer: typeof fetch = async (input, init) =>
    (await getResponse(handlers, new Request(input, init))) ?? Response.error()
  return withFetch('a bare getResponse', stream, answer)
}

export function ours(name: TransportName, stream: BenchedStream): Contestant {
  return {
    name: `agent-conformance, ${name}`,
    async open() {
      const { handlers } = createPlayback([stream.file], { loop: true })
      const transport = await openTransport(name, handlers, { baseURL: BASE_URL })
      const client = { baseURL: transport.baseURL, ...(transport.fetch ? { fetch: transport.fetch } : {}) }
      return { run: clientJob(client)(stream), close: () => transport.close() }
    },
  }
}

export function bareMsw(stream: BenchedStream): Contestant {
  return {
    name: 'bare MSW, setupServer',
    async open() {
      const server = setupServer(...bareHandlers(stream))
      server.listen({ onUnhandledFrame: 'error' })
      return { run: clientJob({})(stream), close: async () => server.close() }
    },
  }
}

/** nock patches the process as soon as it is loaded, so it is loaded here and taken back after each round. */
export function nock(stream: BenchedStream): Contestant {
  return {
    name: 'nock',
    async open() {
      const { default: nock } = await import('nock')
      if (!nock.isActive()) nock.activate()
      nock(BASE_URL).persist().post('/responses').reply(200, stream.wire, stream.headers)
      return {
        run: clientJob({})(stream),
        close: async () => {
          nock.cleanAll()
          nock.restore()
        },
      }
    },
  }
}

/** Polly, answering from its own route handler: the quickest way that it has. */
export function polly(stream: BenchedStream): Contestant {
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
      return { run: clientJob({ fetch: globalThis.fetch })(stream), close: () => polly.stop() }
    },
  }
}

/** aimock holds no wire text: the same text, cut into as many deltas. */
export function aimock(stream: BenchedStream): Contestant {
  return {
    name: '@copilotkit/aimock',
    async open() {
      const mock = new LLMock({ port: 0, latency: 0, logLevel: 'silent' })
      const chunkSize = Math.ceil(stream.text.length / stream.deltas)
      mock.addFixture({ match: {}, response: { content: stream.text }, chunkSize, latency: 0 })
      await mock.start()
      return { run: clientJob({ baseURL: `${mock.url}/v1` })(stream), close: () => mock.stop() }
    },
  }
}

function withFetch(name: string, stream: BenchedStream, answer: typeof fetch): Contestant {
  return { name, open: async () => ({ run: clientJob({ fetch: answer })(stream), close: async () => {} }) }
}

/** One job: a stream asked for and read to its end through the `openai` SDK, its text compared. */
function clientJob(options: { baseURL?: string; fetch?: typeof fetch }) {
  return ({ body, text }: BenchedStream) => {
    const client = new OpenAI({ apiKey: 'sk-bench', maxRetries: 0, baseURL: BASE_URL, ...options })
    return async () => {
      let gathered = ''
      for await (const event of await client.responses.create(body))
        if (event.type === 'response.output_text.delta') gathered += event.delta
      if (gathered !== text)
        throw new Error(`a stream of the benchmark came out wrong: ${JSON.stringify(gathered)}`)
    }
  }
}

/** The recorded response: its headers, and its frames as a body, each its own chunk, all at once. */
function responder({ wire, headers }: BenchedStream): () => Response {
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

function bareHandlers(stream: BenchedStream): RequestHandler[] {
  const respond = responder(stream)
  return [http.post(`${BASE_URL}/responses`, respond)]
}
