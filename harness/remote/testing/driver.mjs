// A driver in as few lines as the protocol takes, over a runtime that asks once and delivers the text. `process.argv[2]`: how
// it misbehaves, the first time that it runs (a file at `process.argv[3]` tells that it has).
import { existsSync, writeFileSync, writeSync } from 'node:fs'
import { createInterface } from 'node:readline'

const [, , fault = 'none', mark] = process.argv
const faulty = mark === undefined || !existsSync(mark)
if (mark !== undefined) writeFileSync(mark, '')
const misbehaves = (how) => faulty && fault === how
const say = (type, told = {}) => writeSync(1, `${JSON.stringify({ type, ...told })}\n`)

let plan
const runs = new Map()
const started = new Map()
/** Of runs that go on by themselves: what ends them. */
const going = new Map()
const kept = { context: 'kept', span: 'kept' }

async function ask({ run, input, stream }, signal) {
  say('hook', { run, name: 'before_run', agent: plan.team[0].name })
  const response = await fetch(`${plan.baseURL}/responses`, {
    method: 'POST',
    signal,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${plan.apiKey}` },
    body: JSON.stringify({ model: 'gpt-5.1', instructions: plan.team[0].instructions, input, stream }),
  })
  if (!response.ok) throw new Error(`status ${response.status}`)
  const text = await response.text()
  if (!stream) return JSON.parse(text).output.flatMap(({ content = [] }) => content.map((part) => part.text))
  const events = text.split('\n').filter((line) => line.startsWith('data: {'))
  return events
    .map((line) => JSON.parse(line.slice(6)))
    .flatMap(({ type, delta }) => (type === 'response.output_text.delta' ? [delta] : []))
}

const failed = ({ name, message }) => ({ status: 'failed', text: '', error: { name, message } })

const hears = {
  hello() {
    if (fault === 'reaches') say('log', { what: 'egress', message: 'telemetry.example:443' })
    say('ready', {
      protocol: 1,
      name: 'tiny',
      version: '1.0.0',
      supports: ['stream', 'history', 'same-context', 'final-only', 'return', 'before_run'],
      hooks: { before: { means: 'before_run', docs: 'Called before the request.' } },
    })
  },
  open(message) {
    plan = message
    if (misbehaves('mute')) return
    if (misbehaves('refuses')) return say('error', { message: 'open: it is not to be opened' })
    say('opened')
  },
  start(message) {
    if (misbehaves('dies')) process.exit(7)
    if (misbehaves('babbles')) return writeSync(1, 'I am a teapot\n')
    if (misbehaves('misspells')) return say('update', { run: message.run, update: { kind: 'txt' } })
    if (misbehaves('blocks')) for (;;);
    started.set(message.run, message)
    runs.set(message.run, misbehaves('stalls') ? new Promise(() => {}) : ask(message))
    runs.get(message.run).catch(() => {})
  },
  async pull({ run }) {
    try {
      if (misbehaves('goes-on')) {
        await runs.get(run)
        say('update', { run, update: { kind: 'text', text: 'one' }, ...kept })
        going.set(run, new AbortController())
        return await ask(started.get(run), going.get(run).signal).catch(() => {})
      }
      for (const text of await runs.get(run)) say('update', { run, update: { kind: 'text', text }, ...kept })
      say('end', { run, ...kept })
    } catch ({ name, message }) {
      say('end', { run, error: { name, message }, ...kept })
    }
  },
  stop: ({ run }) => going.get(run)?.abort(),
  async outcome({ run }) {
    if (going.has(run)) return say('outcome', { run, outcome: { status: 'stopped', text: '' } })
    const outcome = await runs
      .get(run)
      .then((texts) => ({ status: 'completed', text: texts.join('') }), failed)
    say('outcome', { run, outcome })
  },
  quiet: ({ number }) => say('quiet', { number, sure: fault === 'stalls', next: null }),
  close: () => say('closed', { left: [], held: null }),
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line)
  hears[message.type]?.(message)
})
