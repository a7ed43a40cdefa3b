import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { RecordingError } from '../../mocks/recordings/problem.ts'
import { ID } from '../../mocks/recordings/types.ts'
import { readUserText } from '../../mocks/user-file.ts'
import type { Plan } from '../plan/types.ts'
import { readCounterexample } from './counterexample.ts'

/**
 * Returns the plans in a folder, by the names of their files. Each `NAME.json` is a plan or a counterexample of `conform`.
 * For any other content the result has an error instead of the plan.
 */
export function readKeptPlans(folder: URL): Record<string, Plan | Error> {
  const path = fileURLToPath(folder)
  const files = readdirSync(path)
    .filter((file) => file.endsWith('.json'))
    .sort()
  return Object.fromEntries(
    files.map((file) => [basename(file, '.json'), readKeptPlan(join(path, file), file)]),
  )
}

function readKeptPlan(path: string, file: string): Plan | Error {
  // The file's name becomes the name of a case, which must be an id because counterexamples contain it.
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
    return new RecordingError({ file, place: 'file', found, expected: 'a plan or a counterexample' })
  }
}
