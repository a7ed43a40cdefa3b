import { relative } from 'node:path'
import type { Plugin } from 'vitest/config'
import { applyEdits, parseEdits } from '../known/source-edits.ts'

/**
 * Returns a Vite plugin that loads the files of a runtime with the edits of a defect. The address of the adapter has the edits as
 * its query, and every file of the runtime that the adapter imports gets the same query. So one process can load the runtime with
 * several defects, one after the other.
 */
export function editSources(folder: string): Plugin {
  const isOwn = (id: string) => id.startsWith(`${folder}/`) && !id.includes('/node_modules/')
  return {
    name: 'conformance:edit-sources',
    enforce: 'pre',
    async resolveId(source, importer, options) {
      if (importer === undefined || parseEdits(importer) === undefined || parseEdits(source)) return null
      const found = await this.resolve(source, importer, { ...options, skipSelf: true })
      if (found === null || found.external || !isOwn(found.id) || found.id.includes('?')) return found
      return { ...found, id: `${found.id}?${importer.split('?')[1]}` }
    },
    transform(code, id) {
      const edits = parseEdits(id)
      const [path = ''] = id.split('?')
      return edits === undefined || !isOwn(path) ? null : applyEdits(code, relative(folder, path), edits)
    },
  }
}
