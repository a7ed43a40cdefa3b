import { HttpHandler } from 'msw'

/**
 * An MSW handler of any method that answers what `knows` says is its own. It leaves out what MSW's own `run` does for
 * every request and ours never need, which is most of its time: a copy of the request for logs, cookies, generators
 * and cleanups. So the handler is handed the request itself, under every transport.
 */
export class DirectHandler extends HttpHandler {
  readonly #knows: (request: Request) => boolean
  readonly #respond: (request: Request) => Promise<Response>

  constructor(knows: (request: Request) => boolean, respond: (request: Request) => Promise<Response>) {
    super(/.*/, '*', ({ request }) => respond(request))
    this.#knows = knows
    this.#respond = respond
  }

  override async run({
    request,
    requestId,
  }: Parameters<HttpHandler['run']>[0]): ReturnType<HttpHandler['run']> {
    if (!this.#knows(request)) return null
    const response = await this.#respond(request)
    return { handler: this, parsedResult: NOT_PARSED, request, requestId, response }
  }
}

const NOT_PARSED = { match: { matches: true, params: {} }, cookies: {} }
