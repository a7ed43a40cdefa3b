import { rm } from 'node:fs/promises'
import { buildRecordingPath } from '../names.ts'
import { RecordingError } from '../problem.ts'
import type { Recording, RecordingFile } from '../types.ts'
import { writeRecordingFile } from './files.ts'
import { createGrouping, readTies } from './grouping.ts'

export interface ConversationSetup {
  out: string
  /** The prefix of file ids; a number follows. Default `recording`. */
  name?: string
  madeWith?: RecordingFile['madeWith']
  /** Changes each file before it is scanned and written. */
  changeFile?(file: RecordingFile): RecordingFile
  /** Returns the credentials that are known now and that no file may hold. */
  listKnownSecrets(): readonly string[]
}

export interface ConversationFiles {
  /**
   * Adds an exchange that has ended. `index` is its place in the order of the requests. Resolves when the file is
   * written, or with the error if it cannot be or must not be written.
   */
  add(index: number, recording: Recording): Promise<RecordingError | undefined>
  /**
   * Writes the files again that were written before the last credential became known, so that no file holds it. Returns
   * the errors.
   */
  writeAgain(): Promise<RecordingError[]>
  /** The path of each written file, by its id. */
  readonly written: ReadonlyMap<string, string>
}

/**
 * Writes one file per conversation. The file is written again whenever an exchange has ended, so that a crash loses
 * only the exchanges that are under way. A conversation with a secret never has a file.
 */
export function createConversationFiles(setup: ConversationSetup): ConversationFiles {
  const recordings = new Map<number, Recording>()
  const grouping = createGrouping()
  const written = new Map<string, string>()
  let queue: Promise<unknown> = Promise.resolve()
  // For each file, its members and the number of credentials that were known when it was written.
  const states = new Map<string, { members: readonly number[]; known: number }>()
  const idOf = (first: number) => `${setup.name ?? 'recording'}-${String(first + 1).padStart(4, '0')}`

  const write = async (members: readonly number[], absorbed: readonly number[]) => {
    for (const first of absorbed) {
      states.delete(idOf(first))
      written.delete(idOf(first))
      await rm(buildRecordingPath(setup.out, idOf(first)), { force: true })
    }
    const file = fileOf(idOf(members[0] as number), members)
    written.delete(file.id)
    try {
      const changed = setup.changeFile?.(file) ?? file
      const known = setup.listKnownSecrets()
      states.set(file.id, { members, known: known.length })
      written.set(file.id, await writeRecordingFile(setup.out, changed, known))
      return undefined
    } catch (error) {
      if (error instanceof RecordingError) return error
      const found = (error as Error).message
      return new RecordingError({
        file: setup.out,
        place: file.id,
        found,
        expected: 'a file that can be written',
      })
    }
  }

  const fileOf = (id: string, members: readonly number[]): RecordingFile => ({
    schema: 1,
    id,
    ...(setup.madeWith && { madeWith: setup.madeWith }),
    recordings: members.map((member) => {
      const links = grouping.findLinks(member).map(({ from, by }) => ({ from: members.indexOf(from), by }))
      return { ...(recordings.get(member) as Recording), ...(links.length > 0 && { links }) }
    }),
  })

  return {
    add(index, recording) {
      recordings.set(index, recording)
      const { members, absorbed } = grouping.add(index, readTies(recording))
      // The files are written one after the other, so that an older state cannot replace a newer one.
      const work = queue.then(() => write(members, absorbed))
      queue = work
      return work
    },
    async writeAgain() {
      await queue
      const errors: (RecordingError | undefined)[] = []
      for (const { members, known } of [...states.values()])
        if (known < setup.listKnownSecrets().length) errors.push(await write(members, []))
      return errors.filter((error) => error !== undefined)
    },
    written,
  }
}
