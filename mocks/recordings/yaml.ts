import { parseDocument } from 'yaml'
import { MAX_DEPTH, valueDepth } from './limits.ts'
import { RecordingError } from './problem.ts'

/** More aliases than any recorder writes, far fewer than a bomb needs. */
const MAX_ALIASES = 100

/**
 * Parses YAML within the limits. Tags beyond the core schema and `!!binary` are not executed: what they mark is read as
 * the plain value that it is. Throws a `RecordingError` with the line.
 */
export function parseYaml(text: string, file: string): unknown {
  const fail = (place: string, found: string, expected: string) =>
    new RecordingError({ file, place, found, expected })
  try {
    const document = parseDocument(text, {
      schema: 'core',
      customTags: ['binary'],
      prettyErrors: true,
      logLevel: 'silent',
    })
    const error = document.errors[0]
    if (error)
      throw fail(`line ${error.linePos?.[0].line ?? 1}`, error.message.split('\n')[0] ?? error.code, 'YAML')
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES })
    if (valueDepth(value) > MAX_DEPTH)
      throw fail('$', `more than ${MAX_DEPTH} levels of nesting`, `at most ${MAX_DEPTH}`)
    return value
  } catch (error) {
    if (error instanceof RecordingError) throw error
    // The parser is recursive: what exhausts the stack is nested far deeper than the limit.
    if (error instanceof RangeError)
      throw fail('$', `more than ${MAX_DEPTH} levels of nesting`, `at most ${MAX_DEPTH}`)
    throw fail('$', (error as Error).message, `YAML with at most ${MAX_ALIASES} aliases`)
  }
}
