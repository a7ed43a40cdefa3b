import { parseAllDocuments } from 'yaml'
import { MAX_DEPTH, valueDepth } from '../limits.ts'
import { RecordingError } from './problem.ts'

/** The largest number of aliases: more than any recorder writes, far fewer than an alias bomb needs. */
const MAX_ALIASES = 100

/** The longest YAML text, in bytes. The parser takes about 200 times as much memory. */
const MAX_YAML_BYTES = 8 * 1024 * 1024

/** The most documents of one file. A file of recordings has one, or one per exchange. */
const MAX_DOCUMENTS = 10_000

/** Ruby writes `!binary`, YAML 1.1 says `!!binary`. Both are base64 with any white space. */
const BINARY_TAGS = ['!binary', 'tag:yaml.org,2002:binary'].map((tag) => ({
  tag,
  resolve(text: string, onError: (message: string) => void): unknown {
    const packed = text.replace(/\s+/g, '')
    if (/^[A-Za-z0-9+/]*={0,2}$/.test(packed)) return Buffer.from(packed, 'base64')
    onError('binary text that is not base64')
    return text
  },
}))

/**
 * Parses YAML within the limits, and returns the values of all its documents, without empty ones. Only the core schema
 * and binary values are known; values with other tags are read as plain values. Throws a `RecordingError` with the line.
 */
export function parseYamlDocuments(text: string, file: string): unknown[] {
  const fail = (place: string, found: string, expected: string) =>
    new RecordingError({ file, place, found, expected })
  const bytes = Buffer.byteLength(text)
  if (bytes > MAX_YAML_BYTES) throw fail('file', `${bytes} bytes of YAML`, `at most ${MAX_YAML_BYTES}`)
  const tooDeep = () => fail('$', `more than ${MAX_DEPTH} levels of nesting`, `at most ${MAX_DEPTH}`)
  try {
    const documents = parseAllDocuments(text, {
      schema: 'core',
      customTags: BINARY_TAGS,
      logLevel: 'silent',
      // Both options take quadratic time on hostile files: one compares each key with all others, the other quotes the
      // line of each error.
      uniqueKeys: false,
      prettyErrors: false,
    })
    if (!Array.isArray(documents)) return []
    if (documents.length > MAX_DOCUMENTS)
      throw fail('file', `${documents.length} documents`, `at most ${MAX_DOCUMENTS}`)
    return documents.flatMap((document) => {
      const error = document.errors[0]
      // The parser is recursive. A text that exhausts its stack is nested far deeper than the limit.
      if (error && /call stack/i.test(error.message)) throw tooDeep()
      if (error) throw fail(`line ${countLines(text, error.pos[0])}`, error.message, 'YAML')
      const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES })
      if (valueDepth(value) > MAX_DEPTH) throw tooDeep()
      return value === null ? [] : [value]
    })
  } catch (error) {
    if (error instanceof RecordingError) throw error
    if (error instanceof RangeError) throw tooDeep()
    throw fail('$', (error as Error).message, `YAML with at most ${MAX_ALIASES} aliases`)
  }
}

/** Returns the value of YAML text with one document, or null if it has none. Throws like `parseYamlDocuments`. */
export function parseYaml(text: string, file: string): unknown {
  const [value = null, ...more] = parseYamlDocuments(text, file)
  if (more.length === 0) return value
  const found = `${more.length + 1} documents`
  throw new RecordingError({ file, place: 'file', found, expected: 'one YAML document' })
}

function countLines(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}
