import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findCacheFolder } from '../../harness/environments/cache.ts'
import { runCommand } from '../../harness/environments/command.ts'
import { prepareDriver } from '../../harness/environments/environment.ts'
import { readManifest } from '../../harness/environments/manifest.ts'
import { type Started, start } from '../testing/conform.ts'

/** The client of openai-python is that of a runtime, so it needs no environment of its own. */
const environments: Record<string, string> = { 'openai-python': '../../runtimes/openai-agents-python' }

/** What each client prints in a round. */
const rounds: Record<string, unknown[]> = {
  'openai-python': [
    { part: 'create', text: 'Hello.', status: 'completed' },
    { part: 'stream', text: 'Hello there.', first: 'response.created', last: 'response.completed' },
    { part: 'parse', parsed: true, best: true },
    { part: 'tools', args: '{"place":"Oslo"}', text: 'Sunny.', refused: 400 },
    { part: 'chain', previous: true, items: ['message', 'message', 'message'] },
    { part: 'conversation', items: 4, deleted: true },
    {
      part: 'background',
      resumed: true,
      states: ['queued', 'in_progress', 'completed'],
      cancelled: 'cancelled',
    },
    { part: 'errors', text: 'At last.', missing: 404, models: true },
    { part: 'hosted', types: ['file_search_call', 'code_interpreter_call', 'custom_tool_call'], logs: '2' },
  ],
  'openai-go': [
    { part: 'create', text: 'Hello.', status: 'completed' },
    { part: 'stream', text: 'Hello there.', first: 'response.created', last: 'response.completed' },
    { part: 'parse', parsed: true },
    { part: 'tools', name: 'look', text: 'Sunny.' },
    { part: 'chain', previous: true, text: 'Second.' },
    { part: 'conversation', items: 4 },
    { part: 'background', text: 'Done.', cancelled: 'cancelled' },
    { part: 'errors', text: 'At last.', missing: 404 },
  ],
  'pydantic-ai': [
    { part: 'create', text: 'Hello.', tokens: true },
    { part: 'stream', text: 'Hello there.', several: true },
    { part: 'parse', parsed: true, best: true },
    { part: 'tools', calls: 1, text: 'OK.' },
    { part: 'chain', text: 'Second.', previous: true },
    { part: 'conversation', items: 4 },
    { part: 'websocket', text: 'OK.' },
    { part: 'errors', text: 'At last.', status: 418 },
  ],
  'langchain-openai': [
    { part: 'create', text: 'Hello.', status: 'completed' },
    { part: 'stream', text: 'Hello there.', several: true },
    { part: 'parse', parsed: true, best: true },
    { part: 'tools', calls: ['look'], text: 'OK.' },
    { part: 'chain', text: 'Second.', previous: true },
    { part: 'conversation', items: 4 },
    { part: 'errors', text: 'At last.', status: 418 },
  ],
}

describe.each(Object.keys(rounds))('%s', (name) => {
  let server: Started
  beforeAll(() => {
    server = start('serve')
  })
  afterAll(() => server.stop())

  it('goes through a round with conform serve', async () => {
    const [, url = ''] = await server.says(/serving the Responses API at (\S+)/)
    const folder = fileURLToPath(new URL(name, import.meta.url))
    const manifest = readManifest(fileURLToPath(new URL(environments[name] ?? name, import.meta.url)))
    const { command, env } = await prepareDriver(manifest, manifest.version, findCacheFolder())
    const script = manifest.language === 'python' ? [join(folder, 'round.py')] : []
    const { code, stdout, stderr } = await runCommand(manifest.language, command, [...script, url], { env })
    expect(stderr).toBe('')
    expect(code).toBe(0)
    const told = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(told).toEqual(rounds[name])
  }, 300_000)
})
