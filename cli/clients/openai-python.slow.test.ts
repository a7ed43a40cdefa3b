import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findCacheFolder } from '../../harness/environments/cache.ts'
import { runCommand } from '../../harness/environments/command.ts'
import { prepareDriver } from '../../harness/environments/environment.ts'
import { readManifest } from '../../harness/environments/manifest.ts'
import { type Started, start } from '../testing/conform.ts'

const script = fileURLToPath(new URL('openai_client.py', import.meta.url))
const runtime = fileURLToPath(new URL('../../runtimes/openai-agents-python', import.meta.url))

describe('the openai client for Python, which checks each answer against its own types', () => {
  let server: Started
  beforeAll(() => {
    server = start('serve')
  })
  afterAll(() => server.stop())

  it('goes through a round with conform serve', async () => {
    const [, url = ''] = await server.says(/serving the Responses API at (\S+)/)
    const manifest = readManifest(runtime)
    // The environment of this runtime has the client.
    const { command, env } = await prepareDriver(manifest, manifest.version, findCacheFolder())
    const { code, stdout, stderr } = await runCommand('python', command, [script, url], { env })
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
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
      {
        part: 'hosted',
        types: ['file_search_call', 'code_interpreter_call', 'custom_tool_call'],
        logs: '2',
      },
    ])
  }, 300_000)
})
