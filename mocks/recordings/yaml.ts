import { parseDocument } from 'yaml'
import { MAX_DEPTH, valueDepth } from '../limits.ts'
import { RecordingError } from './problem.ts'

/** The largest number of aliases: more than any recorder writes, far fewer than an alias bomb needs. */
const MAX_ALIASES = 100

/** The longest YAML text, in bytes. The parser takes about 200 times as much memory. */
const MAX_YAML_BYTES = 8 * 1024 * 1024

/**
 * Parses YAML within the limits. Only the core schema and `!!binary` are known; values with other tags are read as
 * plain values. Throws a `RecordingError` with the line.
 */
export function parseYaml(text: string, file: string): unknown {
  const fail = (place: string, found: string, expected: string) =>
    new RecordingError({ file, place, found, expected })
  const bytes = Buffer.byteLength(text)
  if (bytes > MAX_YAML_BYTES) throw fail('file', `${bytes} bytes of YAML`, `at most ${MAX_YAML_BYTES}`)
  const tooDeep = () => fail('$', `more than ${MAX_DEPTH} levels of nesting`, `at most ${MAX_DEPTH}`)
  try {
    const document = parseDocument(text, {
      schema: 'core',
      customTags: ['binary'],
      logLevel: 'silent',
      // Both options take quadratic time on hostile files: one compares each key with all others, the other quotes the
      // line of each error.
      uniqueKeys: false,
      prettyErrors: false,
    })
    const error = document.errors[0]
    // The parser is recursive. A text that exhausts its stack is nested far deeper than the limit.
    if (error && /call stack/i.test(error.message)) throw tooDeep()
    if (error) throw fail(`line ${countLines(text, error.pos[0])}`, error.message, 'YAML')
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES })
    if (valueDepth(value) > MAX_DEPTH) throw tooDeep()
    return value
  } catch (error) {
    if (error instanceof RecordingError) throw error
    if (error instanceof RangeError) throw tooDeep()
    throw fail('$', (error as Error).message, `YAML with at most ${MAX_ALIASES} aliases`)
  }
}

function countLines(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}
