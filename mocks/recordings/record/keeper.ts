import { RecordingError } from '../problem.ts'
import { createStandIns } from '../stand-in.ts'
import type { Recording, RecordingFile } from '../types.ts'
import { createCleaner } from './clean.ts'
import { createConversationFiles } from './conversations.ts'
import { buildRecording, type SeenExchange } from './exchange.ts'
import { createScrubber } from './scrub.ts'
import { listHeaderSecrets } from './secrets.ts'

/** What to record, where to write it, and whom to call. */
export interface KeeperOptions {
  /** The base URL of the service to record, such as `https://api.openai.com/v1`. */
  upstream: string
  /** The folder for recording files. Created if it does not exist. */
  out: string
  /** The prefix of file ids; a number follows. Default `recording`. */
  name?: string
  madeWith?: RecordingFile['madeWith']
  /** Changes each file after its credentials were replaced, before it is scanned and written: `createAnonymiser()`. */
  change?(file: RecordingFile): RecordingFile
  /** More values that no file may hold, in addition to the credentials seen in the traffic. */
  secrets?: readonly string[]
  /** Called when an exchange has been kept and its file is written. */
  onExchange?(exchange: { method: string; path: string; status: number; cut?: 'client' | 'upstream' }): void
  /** Called for each exchange or file that could not be kept. */
  onError?(error: RecordingError): void
}

/** Turns the exchanges of a proxy into recording files, and remembers the credentials that no file may hold. */
export interface Keeper {
  /** Returns the index of the next exchange. Exchanges count in the order in which they begin. */
  takeIndex(): number
  /** Remembers the credentials in headers or query parameters of either direction. */
  rememberSecrets(pairs: Iterable<[string, string]>): void
  /** Keeps the exchange with this index when it has ended. */
  keep(index: number, seen: Promise<SeenExchange>): void
  /** Reports something that could not be kept. */
  reportFailure(place: string, found: string, expected: string): void
  /** Waits until everything is written. */
  close(): Promise<{ written: string[]; errors: RecordingError[] }>
}

export function createKeeper(options: KeeperOptions): Keeper {
  const standIns = createStandIns()
  const cleaner = createCleaner(standIns)
  const scrubber = createScrubber(standIns)
  for (const secret of options.secrets ?? []) scrubber.insist(secret)
  const errors: RecordingError[] = []
  const underWay = new Set<Promise<void>>()
  const files = createConversationFiles({
    out: options.out,
    listKnownSecrets: scrubber.listKnown,
    changeFile: (file) => {
      const scrubbed = scrubber.scrub(file)
      return options.change?.(scrubbed) ?? scrubbed
    },
    ...(options.name !== undefined && { name: options.name }),
    ...(options.madeWith && { madeWith: options.madeWith }),
  })
  let begun = 0

  const fail = (error: RecordingError) => {
    errors.push(error)
    options.onError?.(error)
  }
  const write = async (index: number, seen: SeenExchange) => {
    let recording: Recording
    try {
      recording = buildRecording(seen, options.upstream, cleaner)
      scrubber.learnRecording(recording)
    } catch (error) {
      return fail(error instanceof RecordingError ? error : buildRecorderError(seen, error))
    }
    const error = await files.add(index, recording)
    if (error) return fail(error)
    const { method, path, status, cut } = seen
    options.onExchange?.({ method, path, status, ...(cut && { cut }) })
  }

  return {
    takeIndex: () => begun++,
    rememberSecrets(pairs) {
      for (const secret of listHeaderSecrets(pairs)) scrubber.learn(secret)
    },
    keep(index, seen) {
      const work = seen.then((exchange) => write(index, exchange))
      underWay.add(work)
      work.finally(() => underWay.delete(work)).catch(() => {})
    },
    reportFailure: (place, found, expected) =>
      fail(new RecordingError({ file: 'recording', place, found, expected })),
    async close() {
      await Promise.all(underWay)
      for (const error of await files.writeAgain()) fail(error)
      return { written: [...files.written.values()].sort(), errors }
    },
  }
}

/** Reports a mistake of the recorder, so that the recording does not look complete. */
function buildRecorderError({ method, path }: SeenExchange, error: unknown): RecordingError {
  const found = `an error in the recorder: ${String(error)}`
  return new RecordingError({ file: 'recording', place: `${method} ${path}`, found, expected: 'no error' })
}
