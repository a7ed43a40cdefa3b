import type { Response } from 'openai/resources/responses/responses'

/** The model's answer had no terminal event: the connection ended before it did. */
export class StreamCutError extends Error {
  override name = 'StreamCutError'
  constructor() {
    super('the stream of the answer ended without a terminal event')
  }
}

/** The model's answer ended with `response.failed`, or was cancelled. */
export class ResponseFailedError extends Error {
  override name = 'ResponseFailedError'
  readonly code: string | undefined
  constructor({ id, status, error }: Response) {
    super(error?.message ?? `response ${id} ended ${status}`)
    this.code = error?.code
  }
}

/** The model called tools in every answer that a run is given. */
export class ToolRoundsError extends Error {
  override name = 'ToolRoundsError'
  constructor(rounds: number) {
    super(`the model called tools in ${rounds} answers, and a run is given no more`)
  }
}
