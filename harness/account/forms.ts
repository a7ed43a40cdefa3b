import { isJson, type Json, toCanonicalJson } from '../../mocks/json.ts'
import { memoize } from '../history/projection.ts'
import type { AnswerMessage, AnswerText, Call, ToolResult } from './entries.ts'

/** What may stand between two texts that a runtime joins. */
export const BETWEEN = ['', ' ', '\n', '\n\n']

/**
 * Returns the ways in which an answer may be written as messages. Each way is a list of texts, one for each message. A runtime
 * may write each message, each part or the whole answer as one message, and may leave refusals out.
 */
export const listAnswerForms = memoize((answer: AnswerText): readonly (readonly string[])[] => {
  const hasRefusal = answer.messages.flat().some(({ refusal }) => refusal)
  return [answer.messages, ...(hasRefusal ? [answer.messages.map(removeRefusals)] : [])].flatMap(listForms)
})

function removeRefusals(message: AnswerMessage): AnswerMessage {
  return message.filter(({ refusal }) => !refusal)
}

function listForms(messages: readonly AnswerMessage[]): string[][] {
  const parts = messages.flat().map(({ text }) => text)
  const whole = messages.map((message) => message.map(({ text }) => text).join(''))
  const forms = [whole, parts, ...BETWEEN.map((between) => [parts.join(between)])]
  return forms.map((texts) => texts.filter((text) => text !== ''))
}

/**
 * Returns whether a text is one of the messages that an answer may be written as. Of an answer that did not arrive whole, a
 * runtime may have any beginning.
 */
export function isMessageOf(answer: AnswerText, text: string): boolean {
  const texts = listAnswerForms(answer).flat()
  return texts.some((one) => one === text || (answer.fate !== 'whole' && one.startsWith(text)))
}

/** Returns whether a text contains a message of an answer, unaltered. */
export function containsMessageOf(answer: AnswerText, text: string): boolean {
  return listAnswerForms(answer)
    .flat()
    .some((one) => containsText(text, one))
}

/**
 * Returns whether a text tells an answer, unaltered: at least its last message, in one of its forms. A runtime may take the last
 * message for the result of an agent.
 */
function tellsAnswer(answer: AnswerText, text: string): boolean {
  return listAnswerForms(answer).some((form) => form.slice(-1).every((one) => containsText(text, one)))
}

/** Returns whether a text contains another one, as it is or as part of a JSON text. */
export function containsText(text: string, one: string): boolean {
  return text.includes(one) || text.includes(JSON.stringify(one).slice(1, -1))
}

/**
 * Returns whether written arguments are those of a call. JSON may be written in any way. A call without arguments may be written
 * with empty ones.
 */
export function hasArguments(call: Call, written: string): boolean {
  return (
    call.args === written ||
    toCanonicalJson(parseArguments(call.args)) === toCanonicalJson(parseArguments(written))
  )
}

/** Parses the arguments of a call. Absent arguments become an empty object. A text that is no JSON stays a text. */
export function parseArguments(written: string): Json {
  if (written === '') return {}
  return isJson(written) ? (JSON.parse(written) as Json) : written
}

/**
 * Returns whether the output of a call tells what the tool gave. A text must be told as it is. Any other value may be written as
 * JSON or as its programming language writes it. An agent that ran as a tool may be quoted.
 * No rule says how a runtime must tell that a tool threw.
 */
export function isResultTold({ result, answer }: ToolResult, output: string): boolean {
  if (answer !== undefined) return tellsAnswer(answer, output)
  if (result === undefined) return true
  if (typeof result === 'string') return output === result
  if (isJson(output) && toCanonicalJson(JSON.parse(output) as Json) === toCanonicalJson(result)) return true
  return output === writePythonLiteral(result) || (result === null && output === '')
}

/** Returns a JSON value as Python's `str` writes it. */
function writePythonLiteral(value: Json): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number') return String(value)
  if (Array.isArray(value)) return `[${value.map(writePythonLiteral).join(', ')}]`
  if (typeof value === 'object')
    return `{${Object.entries(value)
      .map(([key, held]) => `${writePythonLiteral(key)}: ${writePythonLiteral(held)}`)
      .join(', ')}}`
  const escaped = value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t')
  return value.includes("'") && !value.includes('"') ? `"${escaped}"` : `'${escaped.replaceAll("'", "\\'")}'`
}
