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

/** The last answer that a run may use calls tools, so the run needs another one. */
export class AnswerLimitError extends Error {
  override name = 'AnswerLimitError'
  constructor(limit: number) {
    super(`the run needs more than ${limit} answers, its limit`)
  }
}
