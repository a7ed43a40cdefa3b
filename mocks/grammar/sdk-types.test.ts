import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { INPUT_TYPES } from '../request-rules/item-schemas.ts'
import { HANDLERS } from './stream/events.ts'
import { ITEM_TYPES } from './stream/patterns.ts'

const { resolve } = createRequire(import.meta.url)
const types = readFileSync(join(dirname(resolve('openai')), 'resources/responses/responses.d.ts'), 'utf8')

/** Event types of the package that the grammar does not know yet, with the reason. */
const EVENTS_NOT_YET: Readonly<Record<string, string>> = {
  'response.audio.delta':
    'only audio models send it; no recording has it, and the API refuses audio in Responses',
  'response.audio.done': 'as response.audio.delta',
  'response.audio.transcript.delta': 'as response.audio.delta',
  'response.audio.transcript.done': 'as response.audio.delta',
}

/** A declaration of the package: its text, without the closing brace at its own depth, and the interface it extends. */
interface Declaration {
  text: string
  base: string | undefined
}

/** Finds a declaration that is indented by `depth` spaces. */
function findDeclaration(
  text: string,
  kind: 'interface' | 'namespace',
  name: string,
  depth: number,
): Declaration {
  const head = `^ {${depth}}(?:export )?(?:declare )?${kind} ${name}(?: extends ([^{]*))? \\{$`
  const start = new RegExp(head, 'm').exec(text)
  if (start === null) throw new Error(`openai declares no ${kind} ${name}`)
  const from = text.slice(start.index)
  return { text: from.slice(0, from.indexOf(`\n${' '.repeat(depth)}}`)), base: start[1] }
}

/** Returns the values of the field `type` of an interface `NAME` or `NAMESPACE.NAME`, or of the one that it extends. */
function readTypes(name: string): string[] {
  const [owner = '', inner] = name.split('.')
  const depth = inner === undefined ? 0 : 4
  const within = inner === undefined ? types : findDeclaration(types, 'namespace', owner, 0).text
  const { text, base } = findDeclaration(within, 'interface', inner ?? owner, depth)
  const [, values] = new RegExp(`^ {${depth + 4}}type\\??: ('.*);$`, 'm').exec(text) ?? []
  if (values !== undefined) return [...values.matchAll(/'([^']+)'/g)].map(([, value = '']) => value)
  if (base === undefined) throw new Error(`${name} of openai has no type`)
  return readTypes(base)
}

/** Returns the values of `type` of all members of a union of the package. */
function listTypes(union: string): string[] {
  const [, members = ''] = new RegExp(`^export type ${union} = ([^;]+);`, 'm').exec(types) ?? []
  const names = members.split('|').map((member) => member.trim())
  expect(names.length).toBeGreaterThan(20)
  return names.flatMap(readTypes)
}

describe('the types of the openai package, whose next release shows here what is new', () => {
  it('have no event that the grammar does not know', () => {
    const known = [...HANDLERS.keys(), ...Object.keys(EVENTS_NOT_YET)]
    expect(listTypes('ResponseStreamEvent').filter((type) => !known.includes(type))).toEqual([])
    expect(Object.keys(EVENTS_NOT_YET).filter((type) => HANDLERS.has(type))).toEqual([])
  })

  it('have no item of an answer that the grammar does not know', () => {
    expect(listTypes('ResponseOutputItem').filter((type) => !ITEM_TYPES.has(type))).toEqual([])
  })

  it('have no item of an input that the service does not know', () => {
    expect(listTypes('ResponseInputItem').filter((type) => !INPUT_TYPES.includes(type))).toEqual([])
  })
})
