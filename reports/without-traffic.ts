import { countWithNoun } from './count-with-noun.ts'

/** Returns a sentence with the number of files that hold no traffic of the Responses API, or nothing. */
export function describeWithoutTraffic(files: number): string {
  return files === 0 ? '' : `Left out: ${countWithNoun(files, 'file')} without Responses traffic.`
}
