/** Types and texts of the errors that faults show. Clients match on status, code and param; the wording is data. */
const ERRORS: ReadonlyMap<string, { type: string; message: string; param?: string }> = new Map(
  Object.entries({
    rate_limit_exceeded: {
      type: 'tokens',
      message: 'Rate limit reached for this model. Please try again later.',
    },
    insufficient_quota: {
      type: 'insufficient_quota',
      message: 'You exceeded your current quota, please check your plan and billing details.',
    },
    credit_balance_exhausted: { type: 'insufficient_quota', message: 'Your credit balance is exhausted.' },
    context_length_exceeded: {
      type: 'invalid_request_error',
      param: 'input',
      message: 'Your input exceeds the context window of this model. Please adjust your input and try again.',
    },
    server_error: { type: 'server_error', message: 'The server had an error while processing your request.' },
  }),
)

export function findErrorMessage(code: string): string {
  return ERRORS.get(code)?.message ?? `The request failed with code ${code}.`
}

/** Returns the parameter that an error in a stream names, or null. */
export function findErrorParam(code: string): string | null {
  return ERRORS.get(code)?.param ?? null
}

/** Returns the `type` of an error with this code in a stream (SERVICE-FACTS 6). */
export function findErrorType(code: string): string {
  return ERRORS.get(code)?.type ?? (code === 'invalid_prompt' ? 'invalid_request_error' : 'server_error')
}

/** Returns the `type` of an HTTP error. No 5xx body is recorded (SERVICE-FACTS, Unknown 7). */
export function findHttpErrorType(status: number, code: string | undefined): string {
  if (code !== undefined && ERRORS.has(code)) return findErrorType(code)
  if (status === 429) return 'requests'
  return status >= 500 ? 'server_error' : 'invalid_request_error'
}
