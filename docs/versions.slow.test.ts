import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { run } from '../cli/testing/conform.ts'
import { commandLinesOf, conformArguments } from './shell-blocks.ts'

/** Returns the output without the seed and without the number of versions, which grows with each release. */
const comparable = (text: string) => text.replace(/\d+ versions \(seed \d+\)/, '').trim()

test('the bisection of versions.md prints what the page shows', async () => {
  const page = await readFile(new URL('versions.md', import.meta.url), 'utf8')
  const [block = '', shown = ''] = /^```\n\$ conform bisect .*\\\n.*\n([\s\S]*?)```$/m.exec(page) ?? []
  const [line] = commandLinesOf(`${block}\n`)
  const args = line === undefined ? [] : conformArguments(line)
  const { stdout, stderr } = await run(...(args ?? []))
  expect(comparable(stdout), stderr).toBe(comparable(shown))
}, 900_000)
