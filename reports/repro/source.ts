import { readFileSync } from 'node:fs'

/** A source file of ours for a reproduction: without its imports and exports, for all stand in one file. */
export function sourceOf(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8')
    .replaceAll(/^import [^;]*? from '.*'\n/gm, '')
    .replaceAll(/^export /gm, '')
    .trim()
}
