import type { Response } from 'openai/resources/responses/responses'

/** The stream of the model's answer ended without a terminal event. */
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

/** The model called tools in more answers than a run allows. */
export class ToolRoundsError extends Error {
  override name = 'ToolRoundsError'
  constructor(rounds: number) {
    super(`the model called tools in more than ${rounds} answers of one run`)
  }
}
