import type { FactOptions } from '../service/options.ts'
import { refuseIssue } from './body-form.ts'
import { defineRule, findRefusal, type Refusal, type RequestRule } from './rule.ts'

/** A request to resume the stream of a stored response. */
export interface ResumeRequest {
  /** The run of a background response. Undefined for a foreground response. */
  run: { streamed: boolean; lastSequenceNumber: number } | undefined
  /** Milliseconds since the response was created. */
  age: number
  /** The query parameter `starting_after`. */
  after: string | null
  options: FactOptions
}

const resumeBackgroundOnly = defineRule<ResumeRequest>({
  id: 'resume-background-only',
  statement: 'Only the stream of a background response is resumed',
  source:
    'SERVICE-FACTS 7: Azure contract (code null); openai/openai-python#2579 shows code invalid_request_error',
  code: 'invalid_request_error',
  param: 'stream',
  message: 'This response cannot be streamed because it was not created with background=true.',
  findBreach: ({ run }) => (run === undefined ? {} : undefined),
})

const resumeStreamedOnly = defineRule<ResumeRequest>({
  id: 'resume-streamed-only',
  statement: 'Only a response that was created with stream=true is resumed',
  source: 'SERVICE-FACTS 7: Azure/azure-sdk-for-python agentserver; of OpenAI unknown, hence an option',
  param: 'stream',
  message: 'This response cannot be streamed because it was not created with stream=true.',
  findBreach: ({ run, options }) =>
    run?.streamed === false && options.resumeUnstreamed === 'refuse' ? {} : undefined,
})

const resumeWithinFiveMinutes = defineRule<ResumeRequest>({
  id: 'resume-within-five-minutes',
  statement: 'A stream is resumed within five minutes of the creation of its response',
  source: 'SERVICE-FACTS 7: openai/openai-python#2828, ADR-0009',
  param: 'stream',
  message: 'This response can no longer be streamed because it is more than 5 minutes old.',
  findBreach: ({ age, options }) => (age > options.resumeMs ? {} : undefined),
})

/** Only under the option `resumePastEnd`. */
const resumeBeforeTheEnd = defineRule<ResumeRequest>({
  id: 'resume-before-the-end',
  statement: 'A stream is resumed before its last event',
  source:
    'SERVICE-FACTS, Unknown 8: of OpenAI nothing is known; Azure sends an empty stream, hence an option',
  code: 'invalid_value',
  param: 'starting_after',
  message: "Invalid 'starting_after': no event follows sequence number {number}.",
  findBreach: ({ run, after, options }) =>
    options.resumePastEnd === 'refuse' &&
    after !== null &&
    isNumber(after) &&
    Number(after) >= (run?.lastSequenceNumber ?? 0)
      ? { number: after }
      : undefined,
})

/** The rules about which streams are resumed, in the order in which they are asked. */
export const resumeRules: readonly RequestRule<ResumeRequest>[] = [
  resumeBackgroundOnly,
  resumeStreamedOnly,
  resumeWithinFiveMinutes,
  resumeBeforeTheEnd,
]

/** Returns the refusal of a request that resumes a stream, or undefined. */
export function refuseResume(asked: ResumeRequest): Refusal | undefined {
  const { after, options } = asked
  const refusal = findRefusal(resumeRules, asked)
  if (refusal?.rule === resumeBackgroundOnly.id && options.resumeRefusalCode === 'null')
    return { ...refusal, code: null }
  if (refusal !== undefined || after === null || isNumber(after)) return refusal
  return refuseIssue({
    kind: 'wrong-type',
    values: { param: 'starting_after', expected: 'an integer', found: 'a string' },
  })
}

function isNumber(text: string): boolean {
  return /^\d+$/.test(text)
}
