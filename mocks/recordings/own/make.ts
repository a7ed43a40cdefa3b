import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { queueScript } from '../../service/script.ts'
import { createService } from '../../service/service.ts'
import { openTransport } from '../../transports.ts'
import { writeRecordingText } from '../formats/ours.ts'
import { readRecordingFile } from '../formats/read.ts'
import { startRecorder } from '../record/recorder.ts'
import type { Recording, RecordingFile } from '../types.ts'
import type { Story } from './stories/story.ts'
import { stories } from './stories.ts'

/** The time on the service's clock. It is fixed, so that the same story gives the same file. */
const NOW = Date.UTC(2026, 8, 1)

/** Headers that depend on the machine. */
const OF_THE_MACHINE = /^(x-stainless-(runtime-version|os|arch)|date)$/

/** Runs a story over HTTP with the recorder between client and service. Returns one file with all exchanges. */
export async function recordStory(story: Story): Promise<RecordingFile> {
  const service = createService({ seed: story.id, now: () => NOW, script: queueScript(story.answers) })
  const upstream = await openTransport('http', service.handlers)
  const out = await mkdtemp(join(tmpdir(), 'story-'))
  const madeWith = { client: story.client, server: 'mocks/service' }
  const recorder = await startRecorder({ upstream: upstream.baseURL, out, name: story.id, madeWith })
  try {
    await story.run(recorder.baseURL)
    const { errors } = await recorder.close()
    if (errors[0]) throw errors[0]
    return { schema: 1, id: story.id, madeWith, recordings: await joinRecordings(out) }
  } finally {
    await recorder.close()
    await upstream.close()
    await rm(out, { recursive: true })
  }
}

/** Joins the files of a story, because some of its exchanges (a refusal) belong to no conversation. */
async function joinRecordings(folder: string): Promise<Recording[]> {
  const all: Recording[] = []
  for (const name of (await readdir(folder)).sort()) {
    const { held } = await readRecordingFile(join(folder, name))
    const before = all.length
    for (const { recordings } of 'recordings' in held ? held.recordings : [])
      for (const { links, ...one } of recordings) {
        const moved = links?.map(({ from, by }) => ({ from: from + before, by }))
        all.push({ ...removeMachineHeaders(one), ...(moved && { links: moved }) })
      }
  }
  return all
}

function removeMachineHeaders({ request, response }: Recording): Recording {
  const kept = (headers: Record<string, string>) =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_THE_MACHINE.test(name)))
  return {
    request: { ...request, headers: kept(request.headers) },
    response: { ...response, headers: kept(response.headers) },
  }
}

/** Writes all files again: `node mocks/recordings/own/make.ts`. */
async function makeAll(): Promise<void> {
  for (const story of stories) {
    const path = join(import.meta.dirname, `${story.id}.json`)
    await writeFile(`${path}.partial`, writeRecordingText(await recordStory(story)))
    await rename(`${path}.partial`, path)
    console.log(`${story.id}.json`)
  }
}

if (import.meta.main) await makeAll()
