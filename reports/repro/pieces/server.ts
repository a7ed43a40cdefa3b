import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'

/** One exchange as it was on the wire; `open`: it never ended. */
export interface Answer {
  method: string
  path: string
  status?: number
  headers: Record<string, string>
  pieces: (string | { base64: string })[]
  end: 'done' | 'lost' | 'open'
}

/** Whose turn it is: the number of the answer that goes on, or the name of something else that happens. */
export function inOrder(order: readonly (number | string)[]) {
  let place = 0
  const quiet = async () => {
    for (let turn = 0; turn < 25; turn++) await new Promise(setImmediate)
  }
  return {
    quiet,
    /** Waits for a turn, and takes it. Where it does not come, things go another way than they did: then nobody waits. */
    async turnOf(what: number | string) {
      for (let waited = 0; waited < 400 && order[place] !== what; waited++) {
        if (place >= order.length) return
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      await quiet()
      const found = order.indexOf(what, place)
      if (found !== -1) place = found + 1
    },
  }
}

/** The service: it answers the requests in the order in which they come, each in its turn. */
export function serve(
  answers: readonly Answer[],
  { turnOf }: ReturnType<typeof inOrder>,
  asked: (request: Request) => Promise<void>,
) {
  let count = 0
  const server = setupServer(
    http.all('https://api.openai.com/v1/*', async ({ request }) => {
      const number = count++
      const answer = answers[number]
      await asked(request.clone())
      if (answer === undefined)
        return HttpResponse.json({ error: { message: 'one request too many' } }, { status: 400 })
      await turnOf(number)
      if (answer.status === undefined) return HttpResponse.error()
      const body = new ReadableStream<Uint8Array>(
        {
          async start(controller) {
            // With its first chunk the head leaves.
            controller.enqueue(new Uint8Array(0))
            for (const piece of answer.pieces) {
              await turnOf(number)
              controller.enqueue(
                typeof piece === 'string' ? Buffer.from(piece) : Buffer.from(piece.base64, 'base64'),
              )
            }
            if (answer.end === 'open') return
            await turnOf(number)
            if (answer.end === 'done') controller.close()
            else controller.error(new TypeError('terminated'))
          },
        },
        { highWaterMark: 0 },
      )
      // Without it MSW would end a body that breaks off as if it were whole.
      const headers = { ...answer.headers, 'transfer-encoding': 'chunked' }
      return new HttpResponse(body, { status: answer.status, headers })
    }),
  )
  server.listen({ onUnhandledFrame: 'error' })
  return server
}
