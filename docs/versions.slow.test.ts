import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { run } from '../cli/testing/conform.ts'
import { commandLinesOf, conformArguments } from './shell-blocks.ts'

const withoutSeed = (text: string) => text.replace(/\(seed \d+\)/, '').trim()

test('the bisection of versions.md prints what the page shows', async () => {
  const page = await readFile(new URL('versions.md', import.meta.url), 'utf8')
  const [block = '', shown = ''] = /^```\n\$ conform bisect .*\\\n.*\n([\s\S]*?)```$/m.exec(page) ?? []
  const [line] = commandLinesOf(`${block}\n`)
  const args = line === undefined ? [] : conformArguments(line)
  const { stdout, stderr } = await run(...(args ?? []))
  expect(withoutSeed(stdout), stderr).toBe(withoutSeed(shown))
}, 900_000)
