import type { RecordedResponse } from '../../mocks/recordings/types.ts'
import { createService } from '../../mocks/service/service.ts'

/** The plain answer to a request beyond the recording, as the service composes it. */
export async function plainAnswer(stream: boolean): Promise<RecordedResponse> {
  const service = createService({ seed: 'beyond the recording', now: () => Date.UTC(2026, 0, 1) })
  const request = new Request('http://service/v1/responses', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-5.1', input: 'and now?', stream }),
  })
  const response = await service.handle(request)
  const text = await response.text()
  const body = stream ? { sse: text, exact: true } : { json: JSON.parse(text) }
  return { status: response.status, headers: Object.fromEntries(response.headers), body }
}
