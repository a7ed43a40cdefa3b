import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StreamEvent } from '../grammar/types.ts'
import { parseSseEvents, readStartingAfter } from '../grammar/wire.ts'
import { readConversation } from '../recordings/formats/conversations.ts'
import type { RecordingFile } from '../recordings/types.ts'
import type { NamedStream } from './mutation-run.ts'

/** Returns all conversations of ../shared/recordings. */
export function readSharedRecordings(shared: string): RecordingFile[] {
  const folder = join(shared, 'recordings', 'conversations')
  return readdirSync(folder)
    .sort()
    .flatMap((file) => readConversation(readFileSync(join(folder, file), 'utf8'), file))
}

/** Returns every stream of some recordings as stream events. */
export function listStreams(files: readonly RecordingFile[]): NamedStream[] {
  return files.flatMap(({ id, recordings }) =>
    recordings.flatMap(({ request, response }, at) => {
      if (!('sse' in response.body)) return []
      const events: StreamEvent[] = parseSseEvents(response.body.sse)
      return [{ name: `${id} #${at}`, events, options: { startingAfter: readStartingAfter(request.url) } }]
    }),
  )
}
