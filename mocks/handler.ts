import { HttpHandler } from 'msw'

/**
 * An MSW handler for all methods. It answers the requests that `knows` accepts. It skips steps of MSW's own `run` that
 * take most of its time and are not needed here: a copy of the request for logs, cookies, generators and cleanups. So
 * the handler gets the request itself under every transport.
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
