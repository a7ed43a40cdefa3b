import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { RecordingError } from '../../mocks/recordings/problem.ts'
import { ID } from '../../mocks/recordings/types.ts'
import { readUserText } from '../../mocks/user-file.ts'
import type { Plan } from '../plan/types.ts'
import { readCounterexample } from './counterexample.ts'

/**
 * The plans that a folder keeps, by the names of their files: each `NAME.json` is a plan, or a counterexample as `conform`
 * writes it. Where a file is neither, the reason stands in the plan's place: the others are kept all the same.
 */
export function keptPlans(folder: URL): Record<string, Plan | Error> {
  const path = fileURLToPath(folder)
  const files = readdirSync(path)
    .filter((file) => file.endsWith('.json'))
    .sort()
  return Object.fromEntries(files.map((file) => [basename(file, '.json'), planIn(join(path, file), file)]))
}

function planIn(path: string, file: string): Plan | Error {
  // The name of the file becomes the name of a case, and counterexamples name their case.
  if (!ID.test(basename(file, '.json')))
    return new RecordingError({
      file,
      place: 'name',
      found: file,
      expected: 'letters, digits, dots and dashes',
    })
  try {
    return readCounterexample(readUserText(path), file).plan
  } catch (error) {
    if (error instanceof RecordingError) return error
    const found = (error as Error).message
    return new RecordingError({ file, place: 'file', found, expected: 'a plan, or a counterexample' })
  }
}
