import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import OpenAI from 'openai'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { run, type Started, start } from './testing/conform.ts'

let folder = ''
let started: Started[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conform-test-'))
  started = []
})
afterEach(async () => {
  await Promise.all(started.map((one) => one.stop('SIGKILL')))
  await rm(folder, { recursive: true, force: true })
})

function begin(...args: string[]): Started {
  const one = start(...args)
  started.push(one)
  return one
}

const url = /(http:\/\/127\.0\.0\.1:\d+\/v1)/
const clientFor = (baseURL: string) =>
  new OpenAI({ baseURL, apiKey: 'sk-planted-credential-0123456789abcdef', maxRetries: 0 })

describe('conform serve', () => {
  it('is a service for any client, tells what happens, and writes it when it is stopped', async () => {
    const script = join(folder, 'script.json')
    await writeFile(script, JSON.stringify([{ items: [{ type: 'text', text: 'from the script' }] }]))
    const events = join(folder, 'events.json')
    const service = begin('serve', '--script', script, '--json', events)
    const [, baseURL = ''] = await service.says(url)
    const client = clientFor(baseURL)
    expect((await client.responses.create({ model: 'gpt-5.1', input: 'hi' })).output_text).toBe(
      'from the script',
    )
    await expect(client.responses.retrieve('resp_nowhere')).rejects.toMatchObject({ status: 404 })
    const { code, stderr } = await service.stop()
    expect(code).toBe(0)
    expect(stderr).toContain('POST /v1/responses')
    expect(stderr).toContain('refused 404')
    const written = JSON.parse(await readFile(events, 'utf8')) as { events: { type: string }[] }
    expect(written.events.map(({ type }) => type)).toContain('response.end')
  })

  it('takes fixtures of aimock for its script, and says what recordings are for', async () => {
    const service = begin('serve', '--script', 'mocks/recordings/formats/fixtures/aimock.json')
    const [, baseURL = ''] = await service.says(url)
    const { output } = await clientFor(baseURL).responses.create({ model: 'gpt-5.1', input: 'hi' })
    expect(output.length).toBeGreaterThan(0)
    const { code, stderr } = await run('serve', '--script', 'mocks/recordings/own/text.json')
    expect(stderr).toContain('conform playback')
    expect(code).toBe(2)
  })

  it('refuses a script that is none, with the place', async () => {
    const script = join(folder, 'script.json')
    await writeFile(script, '[{"items":[{"type":"song"}]}]')
    const { code, stderr } = await run('serve', '--script', script)
    expect(stderr).toContain('0.items.0')
    expect(code).toBe(2)
  })
})

describe('hostile files', () => {
  it.each([
    ['serve', 'a.json', `[{"items":[{"args":${'['.repeat(1e5)}${']'.repeat(1e5)}}]}]`, 'levels of nesting'],
    ['serve', 'a.json', '[{"items":[],"\\u001b[2J":1}]', '\\u001b[2J'],
    ['playback', 'a.json', '{"schema":1,"id":"../../x","recordings":[]}', '$.id: found "../../x"'],
    ['playback', 'a.yaml', 'interactions: &a\n- *a\n', 'more than 64 levels'],
  ])('%s says what is wrong with %s', async (command, name, text, message) => {
    const file = join(folder, name)
    await writeFile(file, text)
    const { code, stderr } = await run(command, ...(command === 'serve' ? ['--script'] : []), file)
    expect(stderr).toContain(file)
    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })
})

describe('a port that is in use', () => {
  it('is told as what it is, and is wrong usage', async () => {
    const [, baseURL = ''] = await begin('serve').says(url)
    const { port } = new URL(baseURL)
    const { code, stderr } = await run('serve', '--port', port)
    expect(stderr).toContain(`--port ${port}: is in use`)
    expect(code).toBe(2)
  })
})

describe('conform record, check and playback', () => {
  it('record what passes, find it legal, and play it back', async () => {
    const [, upstream = ''] = await begin('serve').says(url)
    const out = join(folder, 'recordings')
    const recorder = begin('record', '--upstream', upstream, '--out', out, '--name', 'passed')
    const [, recording = ''] = await recorder.says(/at (http:\/\/127\.0\.0\.1:\d+\/v1)/)
    const ask = async (baseURL: string) => {
      const gathered: unknown[] = []
      for await (const event of await clientFor(baseURL).responses.create({
        model: 'gpt-5.1',
        input: 'hi',
        stream: true,
      }))
        gathered.push(event)
      return gathered
    }
    const live = await ask(recording)
    const ended = await recorder.stop()
    expect(ended.code).toBe(0)
    const [name = ''] = await readdir(out)
    const text = await readFile(join(out, name), 'utf8')
    expect(text).not.toContain('planted-credential')

    const checked = await run('check', out, '--json', '-')
    expect(JSON.parse(checked.stdout)).toMatchObject({ schema: 1, files: 1, streams: 1, findings: [] })
    expect(checked.code).toBe(0)

    const player = begin('playback', out)
    const [, played = ''] = await player.says(url)
    expect(await ask(played)).toEqual(live)
    await expect(
      clientFor(played).responses.create({ model: 'gpt-5.1', input: 'something else' }),
    ).rejects.toMatchObject({
      status: 400,
      code: 'recording_mismatch',
    })
    await expect(ask(played)).rejects.toMatchObject({
      message: expect.stringContaining('has been served already'),
    })
    expect((await player.stop('SIGTERM')).code).toBe(1)
  })

  it('names file, interaction, event and rule of a breach', async () => {
    const own = JSON.parse(await readFile('mocks/recordings/own/text.json', 'utf8'))
    own.recordings[1].response.body.sse = own.recordings[1].response.body.sse.replace(
      '"sequence_number":5',
      '"sequence_number":7',
    )
    const broken = join(folder, 'broken.json')
    await writeFile(broken, JSON.stringify(own))
    const { code, stdout } = await run('check', broken)
    expect(stdout).toContain(`${broken}, interaction 1, event 5  sequence-gapless`)
    expect(code).toBe(1)
  })

  it.each([
    ['check', ['check', 'nowhere'], 'found no nowhere'],
    ['record', ['record', '--upstream', 'ftp://x', '--out', 'out'], '--upstream: found "ftp://x"'],
    ['playback', ['playback', 'harness'], 'no recording'],
    ['serve', ['serve', '--port', '99999'], '--port: found "99999"'],
  ])('%s says what is wrong with its arguments', async (_, args, message) => {
    const { code, stderr } = await run(...args)
    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })
})

describe('conform schema', () => {
  it('prints a JSON Schema of the recording format', async () => {
    const { stdout, code } = await run('schema')
    expect(JSON.parse(stdout)).toMatchObject({
      type: 'object',
      properties: { recordings: { type: 'array' } },
    })
    expect(code).toBe(0)
  })
})
