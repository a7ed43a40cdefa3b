import { readFileSync } from 'node:fs'

/** Reads a source file of this project without its imports and exports, so that it can be part of a script. */
export function readSource(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8')
    .replaceAll(/^import [^;]*? from '.*'\n/gm, '')
    .replaceAll(/^export /gm, '')
    .trim()
}
