import { describeError } from '../harness/contract/error-shape.ts'
import { type Counterexample, readCounterexample } from '../harness/known/counterexample.ts'
import { toPrintable } from '../mocks/printable.ts'
import { RecordingError } from '../mocks/recordings/problem.ts'
import { readUserText } from '../mocks/user-file.ts'
import { UsageError } from './exit-codes.ts'

/** Reads a plan or a counterexample from a file. Throws a `UsageError` if the file holds neither. */
export function readPlanFile(file: string): Partial<Counterexample> & { plan: Counterexample['plan'] } {
  try {
    return readCounterexample(readUserText(file), toPrintable(file))
  } catch (error) {
    if (error instanceof RecordingError) throw new UsageError(error.message)
    throw new UsageError(`${toPrintable(file)}: cannot be read (${describeError(error).message})`)
  }
}
