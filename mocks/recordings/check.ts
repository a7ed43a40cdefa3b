import { extname } from 'node:path'
import { append } from '../append.ts'
import { checkExchanges } from '../grammar/exchange.ts'
import { createStreamChecker } from '../grammar/stream.ts'
import type { Findings } from '../grammar/types.ts'
import { checkWire, parseSseEvents, readStartingAfter } from '../grammar/wire.ts'
import { jsonDepth, MAX_DEPTH } from '../limits.ts'
import { parseSse } from '../sse.ts'
import { readUserText } from '../user-file.ts'
import { listFiles, RECORDING_EXTENSIONS, readRecordingFile, toRecordingError } from './formats/read.ts'
import { NoTrafficError, RecordingError } from './problem.ts'
import type { Cut, RecordingFile } from './types.ts'

/** One finding about a file. */
export interface Finding {
  file: string
  /** The 0-based index of the interaction in its file. Null if the finding is about the whole file. */
  interaction: number | null
  /** The 0-based index of the stream event. Null if the finding is not about one event. */
  event: number | null
  /** The id of the broken rule or of the quirk. `readable` if the file cannot be read. */
  rule: string
  /** `breach`: a rule is broken. `quirk`: a known difference that real servers show, which breaks no rule. */
  kind: 'breach' | 'quirk'
  /** What was found and what was expected. Parts of it come from the file, so print it through `printable`. */
  message: string
}

/** The result of a check: counts and findings. */
export interface Checked {
  files: number
  /** The number of files that were left out because they hold no traffic of the Responses API. */
  withoutTraffic: number
  interactions: number
  streams: number
  events: number
  findings: Finding[]
  /** The number of findings that `findings` leaves out. It holds the first `MOST_FINDINGS` of each kind and file. */
  further: Record<Finding['kind'], number>
}

/** A limit, because nobody reads a million findings and their text would be longer than a string can be. */
export const MOST_FINDINGS = 1_000

/** Captured event streams, as `curl -N` writes them. */
const STREAM_EXTENSIONS: ReadonlySet<string> = new Set(['.sse', '.txt'])

/**
 * Checks the named files and all files below the named folders: recordings in any format and captured event streams
 * (`.sse`, `.txt`, or text that begins like a stream). A file that cannot be read is one finding, and the check
 * continues with the next file. A file without traffic of the Responses API is counted and is no finding.
 */
export async function checkPaths(paths: readonly string[]): Promise<Checked> {
  const checked: Checked = {
    files: 0,
    withoutTraffic: 0,
    interactions: 0,
    streams: 0,
    events: 0,
    findings: [],
    further: { breach: 0, quirk: 0 },
  }
  const extensions = new Set([...RECORDING_EXTENSIONS, ...STREAM_EXTENSIONS])
  const errors: RecordingError[] = []
  const files = new Set<string>()
  for (const path of paths) for (const file of await listFiles(path, errors, extensions)) files.add(file)
  for (const { problem, message } of errors)
    checked.findings.push(buildUnreadableFinding(problem.file, message))
  for (const file of files) {
    try {
      const part = await checkFile(file)
      checked.files++
      addPart(checked, { ...part, findings: limitFindings(part.findings, checked.further) })
    } catch (error) {
      if (error instanceof NoTrafficError) {
        checked.withoutTraffic++
        continue
      }
      checked.files++
      checked.findings.push(buildUnreadableFinding(file, toRecordingError(error, file).message))
    }
  }
  return checked
}

type Part = Omit<Checked, 'files' | 'further' | 'withoutTraffic'>

/** Returns the first findings of a file, up to the limit of each kind. Counts the others in `further`. */
function limitFindings(findings: readonly Finding[], further: Checked['further']): Finding[] {
  const counted = { breach: 0, quirk: 0 }
  return findings.filter(({ kind }) => {
    if (++counted[kind] <= MOST_FINDINGS) return true
    further[kind]++
    return false
  })
}

/** Checks one file. Throws a `RecordingError` if the file cannot be read. */
async function checkFile(path: string): Promise<Part> {
  const text = readUserText(path)
  // A captured stream may also be one JSON event per line.
  const isStream = STREAM_EXTENSIONS.has(extname(path).toLowerCase()) && !/^\s*\{/.test(text)
  if (isStream || /^(:|event:|data:|id:|retry:)/.test(text)) return checkSseText(text, path)
  const { held } = await readRecordingFile(path)
  const part: Part = emptyPart()
  if ('recordings' in held) for (const file of held.recordings) addPart(part, checkRecordings(file, path))
  return part
}

/** Checks the recordings of one file: each stream by the grammar, all exchanges by the rules of exchanges. */
export function checkRecordings({ recordings }: RecordingFile, path: string): Part {
  const part: Part = { ...emptyPart(), interactions: recordings.length }
  for (const [interaction, { request, response }] of recordings.entries()) {
    const { body } = response
    if (!('sse' in body)) continue
    const { cut } = body
    const whole = cut === undefined
    const found = checkSse(body.sse, path, interaction, {
      whole,
      startingAfter: readStartingAfter(request.url),
    })
    part.streams++
    part.events += found.events
    append(part.findings, found.findings)
    if (body.exact) append(part.findings, buildQuirkFindings(checkWire(body.sse), path, interaction))
    if (cut !== undefined) part.findings.push(buildCutFinding(cut, path, interaction))
  }
  append(
    part.findings,
    checkExchanges(recordings).map(
      ({ rule, at, message }): Finding => ({
        file: path,
        interaction: at,
        event: null,
        rule,
        kind: 'breach',
        message,
      }),
    ),
  )
  part.findings.sort((a, b) => (a.interaction ?? 0) - (b.interaction ?? 0))
  return part
}

/** Checks the captured text of one event stream. */
export function checkSseText(text: string, path: string): Part {
  const { events, findings } = checkSse(text, path, 0, { whole: true })
  return {
    interactions: 1,
    streams: 1,
    events,
    findings: [...findings, ...buildQuirkFindings(checkWire(text), path, 0)],
  }
}

function checkSse(
  text: string,
  path: string,
  interaction: number,
  { whole, startingAfter }: { whole: boolean; startingAfter?: number | null },
): { events: number; findings: Finding[] } {
  for (const [index, { data }] of parseSse(text).entries()) {
    const depth = jsonDepth(data)
    const place = `interaction ${interaction}, event ${index}`
    if (depth > MAX_DEPTH)
      throw new RecordingError({
        file: path,
        place,
        found: `${depth} levels of nesting`,
        expected: `at most ${MAX_DEPTH}`,
      })
  }
  const events = parseSseEvents(text)
  const checker = createStreamChecker(startingAfter === undefined ? {} : { startingAfter })
  for (const event of events) checker.push(event)
  // The end of a cut stream is missing because the client left or the connection broke. The server is not to blame.
  if (whole) checker.end()
  const findings: Findings = checker.findings()
  return {
    events: events.length,
    findings: [
      ...findings.breaches.map(
        ({ rule, at, message }): Finding => ({
          file: path,
          interaction,
          event: at,
          rule,
          kind: 'breach',
          message,
        }),
      ),
      ...buildQuirkFindings(findings.quirks, path, interaction),
    ],
  }
}

function buildQuirkFindings(found: Findings['quirks'], file: string, interaction: number): Finding[] {
  return found.map(({ quirk, at, message, times }) => ({
    file,
    interaction,
    event: at,
    rule: quirk,
    kind: 'quirk',
    message: times > 1 ? `${message} (${times} times)` : message,
  }))
}

const CUT_MESSAGES: Readonly<Record<NonNullable<Cut>, string>> = {
  client: 'the client left before its end',
  upstream: 'the connection broke before its end',
}

function buildCutFinding(by: NonNullable<Cut>, file: string, interaction: number): Finding {
  const message = CUT_MESSAGES[by]
  return { file, interaction, event: null, rule: 'cut-stream', kind: 'quirk', message }
}

function buildUnreadableFinding(file: string, message: string): Finding {
  return { file, interaction: null, event: null, rule: 'readable', kind: 'breach', message }
}

const emptyPart = (): Part => ({ interactions: 0, streams: 0, events: 0, findings: [] })

function addPart(to: Part, part: Part): void {
  to.interactions += part.interactions
  to.streams += part.streams
  to.events += part.events
  append(to.findings, part.findings)
}
