import { isObject } from '../../json.ts'
import { parseJson } from '../parse.ts'
import { RecordingError } from '../problem.ts'
import { parseYamlDocuments } from '../yaml.ts'

/** The documents of a file: one for JSON, one or more for YAML, one per line for JSON lines. */
export interface Documents {
  syntax: 'json' | 'yaml' | 'json-lines'
  values: unknown[]
}

/** Parses a file as JSON, JSON lines or YAML, whichever it looks like. Throws a `RecordingError`. */
export function parseDocuments(text: string, file: string): Documents {
  if (!/^\s*[{[]/.test(text)) return { syntax: 'yaml', values: parseYamlDocuments(text, file) }
  const lines = text.split(/\r\n|\n|\r/)
  const first = lines.findIndex((line) => line.trim() !== '')
  const rest = lines.slice(first + 1).some((line) => line.trim() !== '')
  if (rest && isJsonObject(lines[first] ?? ''))
    return { syntax: 'json-lines', values: parseLines(lines, file) }
  return { syntax: 'json', values: [parseJson(text, file)] }
}

function parseLines(lines: readonly string[], file: string): unknown[] {
  return lines.flatMap((line, index) => {
    if (line.trim() === '' || line.trim() === '[DONE]') return []
    const value = parseJson(line, file, `line ${index + 1}`)
    if (isObject(value)) return [value]
    const found = 'a line that is no JSON object'
    throw new RecordingError({
      file,
      place: `line ${index + 1}`,
      found,
      expected: 'one JSON object per line',
    })
  })
}

function isJsonObject(line: string): boolean {
  try {
    return isObject(JSON.parse(line))
  } catch {
    return false
  }
}
