import { parseEndpoint } from '../../endpoint.ts'
import { RecordingError } from '../problem.ts'
import type { Recording } from '../types.ts'

/**
 * Throws if a recorded request that created a response has no body. Such a recording would be an empty conversation. A
 * request that was refused may have no body. `placeOf` returns the place of an exchange for the error.
 */
export function checkRequestBodies(
  recordings: readonly Recording[],
  file: string,
  placeOf: (index: number) => string,
): void {
  for (const [index, { request, response }] of recordings.entries()) {
    const creates =
      request.method.toUpperCase() === 'POST' && parseEndpoint(request.url).path === '/responses'
    if (!creates || !request.recorded || request.body !== null || response.status >= 300) continue
    throw new RecordingError({
      file,
      place: `${placeOf(index)}.request.body`,
      found: 'no body',
      expected: 'the JSON body of a request that creates a response, or "recorded": false',
    })
  }
}
