import { z } from 'zod'
import { parseJson } from '../parse.ts'
import { parseBySchema } from '../problem.ts'
import type { RecordingFile } from '../types.ts'
import { convertToRecordingFile, decodeBase64, type ForeignExchange } from './foreign.ts'

const Headers = z.array(z.object({ name: z.string(), value: z.string() })).default([])

/** HAR 1.2, http://www.softwareishard.com/blog/har-12-spec/. Fields with a leading underscore belong to one tool. */
const Har = z.object({
  log: z.object({
    creator: z.object({ name: z.string(), version: z.string() }).partial().optional(),
    /** Polly's name of the whole recording. */
    _recordingName: z.string().optional(),
    entries: z.array(
      z.object({
        startedDateTime: z.string().optional(),
        request: z.object({
          method: z.string(),
          url: z.string(),
          headers: Headers,
          postData: z.object({ text: z.string().optional(), encoding: z.string().optional() }).optional(),
        }),
        response: z.object({
          status: z.int(),
          headers: Headers,
          content: z.object({ text: z.string().optional(), encoding: z.string().optional() }).default({}),
        }),
      }),
    ),
  }),
})

/**
 * Reads a HAR 1.2 file of a browser or a proxy. Requests without a response (status 0) are left out. Entries are sorted
 * by their start.
 */
export function readHar(text: string, file: string): RecordingFile[] {
  const { log } = parseBySchema(Har, parseJson(text, file), file)
  return [convertToRecordingFile(listExchanges(log, file), file, nameCreator(log))]
}

/** Reads a recording of Polly's persisters. It is a HAR file with entries sorted by the hash of the request. */
export function readPolly(text: string, file: string): RecordingFile[] {
  const { log } = parseBySchema(Har, parseJson(text, file), file)
  return [convertToRecordingFile(listExchanges(log, file), file, nameCreator(log), log._recordingName)]
}

type Log = z.infer<typeof Har>['log']

const nameCreator = ({ creator }: Log) => [creator?.name ?? 'HAR', creator?.version].filter(Boolean).join(' ')

function listExchanges({ entries }: Log, file: string): ForeignExchange[] {
  return entries
    .map((entry, index) => ({ ...entry, place: `$.log.entries[${index}]` }))
    .filter(({ response }) => response.status !== 0)
    .sort((a, b) => (Date.parse(a.startedDateTime ?? '') || 0) - (Date.parse(b.startedDateTime ?? '') || 0))
    .map(({ place, request, response }) => ({
      place,
      method: request.method,
      url: request.url,
      requestHeaders: request.headers.map(({ name, value }) => [name, value] as const),
      requestBody: readContent(request.postData ?? {}, file, `${place}.request.postData.text`),
      status: response.status,
      responseHeaders: response.headers.map(({ name, value }) => [name, value] as const),
      responseBody: readContent(response.content, file, `${place}.response.content.text`),
    }))
}

type Content = z.infer<typeof Har>['log']['entries'][number]['response']['content']

function readContent(
  { text, encoding }: Content,
  file: string,
  place: string,
): Uint8Array | string | undefined {
  return encoding === 'base64' && text !== undefined ? decodeBase64(text, file, place) : text
}
