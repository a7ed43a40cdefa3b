import { countWithNoun } from './count-with-noun.ts'

/** Returns a sentence with the number of files that hold no traffic of the Responses API, and `end`. Returns nothing if there are none. */
export function describeWithoutTraffic(files: number, end = ''): string {
  return files === 0 ? '' : `Left out: ${countWithNoun(files, 'file')} without Responses traffic.${end}`
}
