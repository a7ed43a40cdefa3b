import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { pathToFileURL } from 'node:url'

/** Packages as NAME@VERSION, in the versions that a file of ours would load. */
export function versionsFrom(file: string, packages: readonly string[]): string[] {
  return packages.map((name) => {
    const manifest = findPackageJSON(name, pathToFileURL(file).href)
    if (manifest === undefined)
      throw new Error(`${file}: found no package ${name}, expected it to be installed`)
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
    return `${name}@${version}`
  })
}
