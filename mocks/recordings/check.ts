import { extname } from 'node:path'
import { append } from '../append.ts'
import { checkExchanges } from '../grammar/exchange.ts'
import { streamChecker } from '../grammar/stream.ts'
import type { Findings } from '../grammar/types.ts'
import { checkWire, eventsOfSse, startingAfterOf } from '../grammar/wire.ts'
import { jsonDepth, MAX_DEPTH } from '../limits.ts'
import { parseSse } from '../sse.ts'
import { readUserText } from '../user-file.ts'
import { asRecordingError, filesOf, RECORDING_EXTENSIONS, readRecordingFile } from './formats/read.ts'
import { RecordingError } from './problem.ts'
import type { Cut, RecordingFile } from './types.ts'

/** One thing found in a file of traffic. */
export interface Finding {
  file: string
  /** Index of the interaction in its file, 0-based; null where the finding is about the whole file. */
  interaction: number | null
  /** Index of the stream event, 0-based; null where it is about no single event. */
  event: number | null
  /** The id of the broken rule, of a grammar or exchange rule; `readable` for a file that could not be read. */
  rule: string
  /** `quirk`: a known departure that servers do show; it is told, and breaks nothing. */
  kind: 'breach' | 'quirk'
  /** What was found and what was expected. Parts of it come from the file: print it through `printable`. */
  message: string
}

/** What was looked at, and what was found. */
export interface Checked {
  files: number
  interactions: number
  streams: number
  events: number
  findings: Finding[]
  /** Findings that are counted only: of each kind the first `MOST_FINDINGS` of a file are told one by one. */
  further: Record<Finding['kind'], number>
}

/** A million findings are of use to nobody, and their text is longer than a string can be. */
export const MOST_FINDINGS = 1_000

/** Captured event streams, as `curl -N` writes them. */
const STREAM_EXTENSIONS: ReadonlySet<string> = new Set(['.sse', '.txt'])

/**
 * Checks the files that the paths name, and those below folders: recordings in any format and captured event streams
 * (`.sse`, `.txt`, or what begins like one). Goes on at a file that cannot be read; that is a finding of its own.
 */
export async function checkPaths(paths: readonly string[]): Promise<Checked> {
  const checked: Checked = {
    files: 0,
    interactions: 0,
    streams: 0,
    events: 0,
    findings: [],
    further: { breach: 0, quirk: 0 },
  }
  const extensions = new Set([...RECORDING_EXTENSIONS, ...STREAM_EXTENSIONS])
  const errors: RecordingError[] = []
  const files = new Set<string>()
  for (const path of paths) for (const file of await filesOf(path, errors, extensions)) files.add(file)
  for (const { problem, message } of errors) checked.findings.push(unreadable(problem.file, message))
  for (const file of files) {
    checked.files++
    try {
      const part = await checkFile(file)
      add(checked, { ...part, findings: firstOf(part.findings, checked.further) })
    } catch (error) {
      checked.findings.push(unreadable(file, asRecordingError(error, file).message))
    }
  }
  return checked
}

type Part = Omit<Checked, 'files' | 'further'>

/** The first findings of a file, of each kind; the others are added to `further`. */
function firstOf(findings: readonly Finding[], further: Checked['further']): Finding[] {
  const counted = { breach: 0, quirk: 0 }
  return findings.filter(({ kind }) => {
    if (++counted[kind] <= MOST_FINDINGS) return true
    further[kind]++
    return false
  })
}

/** Checks one file. Throws a `RecordingError` where it cannot be read. */
async function checkFile(path: string): Promise<Part> {
  if (STREAM_EXTENSIONS.has(extname(path).toLowerCase())) return checkSseText(readUserText(path), path)
  const text = readUserText(path)
  if (/^(:|event:|data:|id:|retry:)/.test(text)) return checkSseText(text, path)
  const { held } = await readRecordingFile(path)
  const part: Part = nothing()
  if ('recordings' in held) for (const file of held.recordings) add(part, checkRecordings(file, path))
  return part
}

/** Checks recordings that were read: each stream by the grammar, all exchanges by the rules of exchanges. */
export function checkRecordings({ recordings }: RecordingFile, path: string): Part {
  const part: Part = { ...nothing(), interactions: recordings.length }
  for (const [interaction, { request, response }] of recordings.entries()) {
    const { body } = response
    if (!('sse' in body)) continue
    const { cut } = body
    const whole = cut === undefined
    const found = checkSse(body.sse, path, interaction, {
      whole,
      startingAfter: startingAfterOf(request.url),
    })
    part.streams++
    part.events += found.events
    append(part.findings, found.findings)
    if (body.exact) append(part.findings, quirks(checkWire(body.sse), path, interaction))
    if (cut !== undefined) part.findings.push(cutFinding(cut, path, interaction))
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
  return { interactions: 1, streams: 1, events, findings: [...findings, ...quirks(checkWire(text), path, 0)] }
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
  const events = eventsOfSse(text)
  const checker = streamChecker(startingAfter === undefined ? {} : { startingAfter })
  for (const event of events) checker.push(event)
  // What a cut stream lacks at its end is not its server's fault.
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
      ...quirks(findings.quirks, path, interaction),
    ],
  }
}

function quirks(found: Findings['quirks'], file: string, interaction: number): Finding[] {
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

function cutFinding(by: NonNullable<Cut>, file: string, interaction: number): Finding {
  const message = CUT_MESSAGES[by]
  return { file, interaction, event: null, rule: 'cut-stream', kind: 'quirk', message }
}

function unreadable(file: string, message: string): Finding {
  return { file, interaction: null, event: null, rule: 'readable', kind: 'breach', message }
}

const nothing = (): Part => ({ interactions: 0, streams: 0, events: 0, findings: [] })

function add(to: Part, part: Part): void {
  to.interactions += part.interactions
  to.streams += part.streams
  to.events += part.events
  append(to.findings, part.findings)
}
