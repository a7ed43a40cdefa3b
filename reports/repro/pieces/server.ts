import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'

/** One recorded answer. `end` is `lost` if the connection broke, and `open` if the answer never ended. */
export interface Answer {
  method: string
  path: string
  status?: number
  headers: Record<string, string>
  pieces: (string | { base64: string })[]
  end: 'done' | 'lost' | 'open'
}

/** Controls the order of events: the number of an answer, or the name of another event. */
export function createOrder(order: readonly (number | string)[]) {
  let place = 0
  const waitForQuiet = async () => {
    for (let turn = 0; turn < 25; turn++) await new Promise(setImmediate)
  }
  return {
    waitForQuiet,
    /**
     * Waits until an event is next, and continues. It stops waiting after two seconds, because the run has then taken
     * another course.
     */
    async waitForTurn(what: number | string) {
      for (let waited = 0; waited < 400 && order[place] !== what; waited++) {
        if (place >= order.length) return
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      await waitForQuiet()
      const found = order.indexOf(what, place)
      if (found !== -1) place = found + 1
    },
  }
}

/** Starts the simulated service, which answers requests in the order of their arrival. */
export function startService(
  answers: readonly Answer[],
  { waitForTurn }: ReturnType<typeof createOrder>,
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
      await waitForTurn(number)
      if (answer.status === undefined) return HttpResponse.error()
      const body = new ReadableStream<Uint8Array>(
        {
          async start(controller) {
            // The head of the answer is sent with the first chunk.
            controller.enqueue(new Uint8Array(0))
            for (const piece of answer.pieces) {
              await waitForTurn(number)
              controller.enqueue(
                typeof piece === 'string' ? Buffer.from(piece) : Buffer.from(piece.base64, 'base64'),
              )
            }
            if (answer.end === 'open') return
            await waitForTurn(number)
            if (answer.end === 'done') controller.close()
            else controller.error(new TypeError('terminated'))
          },
        },
        { highWaterMark: 0 },
      )
      // Without this header, MSW would end a broken body like a complete one.
      const headers = { ...answer.headers, 'transfer-encoding': 'chunked' }
      return new HttpResponse(body, { status: answer.status, headers })
    }),
  )
  server.listen({ onUnhandledFrame: 'error' })
  return server
}
