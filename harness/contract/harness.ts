import { readFileSync } from 'node:fs'

const { name, version } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as {
  name: string
  version: string
}

/** This project's own name and version. */
export const harness = { name, version }
