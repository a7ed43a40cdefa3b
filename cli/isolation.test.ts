import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findIsolation } from '../harness/isolation/launch.ts'
import { runUnder } from './testing/conform.ts'
import { readReport } from './testing/report.ts'

const SECRET = 'a-secret-of-the-user'

/** An adapter that throws what it sees of the machine: the reason of its verdicts tells it. */
const LOOKS_AROUND = `
import { appendFileSync, readdirSync, readFileSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import * as os from 'node:os'

const canWriteTo = (file) => { try { appendFileSync(file, ''); return true } catch { return false } }
const read = (pid) => { try { return readFileSync('/proc/' + pid + '/environ', 'utf8') } catch { return '' } }
const others = readdirSync('/proc').filter((name) => /^\\d+$/.test(name))
const seen = {
  own: JSON.stringify([process.env, import.meta.env]).includes('${SECRET}'),
  terminal: canWriteTo('/dev/tty'),
  parent: read(process.ppid).includes('${SECRET}'),
  anyone: others.some((pid) => read(pid).includes('${SECRET}')),
  processes: others.length,
  homes: [...new Set([process.env.HOME, homedir(), userInfo().homedir, os.userInfo().homedir])],
  names: Object.keys(process.env).sort(),
  options: process.env.NODE_OPTIONS ?? '',
}
throw new Error('SEEN' + JSON.stringify(seen) + 'END')
`

interface Seen {
  own: boolean
  terminal: boolean
  parent: boolean
  anyone: boolean
  processes: number
  homes: string[]
  names: string[]
  options: string
}

let folder = ''
let seen: Seen
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conform-test-'))
  await writeFile(join(folder, 'adapter.ts'), LOOKS_AROUND)
  const theirs = {
    MY_TOKEN: SECRET,
    OPENAI_API_KEY: SECRET,
    // None of these may switch anything off, or get in by how it begins.
    CONFORM_CLEAN: '1',
    CONFORM_ISOLATION: 'process',
    CONFORM_WORKER: '../../elsewhere',
    CONFORM_SECRET: SECRET,
    VITEST_SECRET: SECRET,
    TINYPOOL_SECRET: SECRET,
    VITE_SECRET: SECRET,
    NODE_OPTIONS: '--title=theirs',
  }
  const asked = ['--runtime', folder, '--scenario', 'sessions', '--runs', '1', '--json', '-', '--out', folder]
  const { verdicts } = readReport(await runUnder(theirs, ...asked))
  const [, text = ''] = /SEEN(.*)END/.exec(verdicts[0]?.reason ?? '') ?? []
  seen = JSON.parse(text) as Seen
}, 60_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('a runtime under test', () => {
  it("has no variable of the user's, however it is named", () => {
    expect(seen.own).toBe(false)
    expect(seen.options).toBe('')
    const ours = /^(CONFORM_ISOLATION|VITEST(_MODE|_POOL_ID|_WORKER_ID)?)$/
    const known =
      'BASE_URL CI DEV FORCE_COLOR FORCE_TTY HOME LANG LC_ALL MODE NODE_ENV NO_COLOR PATH PROD SSR TERM TEST TMPDIR TZ'
    // PWD, OLDPWD, SHLVL and _ are the shell's that starts it.
    const shell = 'PWD OLDPWD SHLVL _ NODE_CHANNEL_FD NODE_CHANNEL_SERIALIZATION_MODE'
    const allowed = [...known.split(' '), ...shell.split(' ')]
    expect(seen.names.filter((name) => !ours.test(name) && !allowed.includes(name))).toEqual([])
  })

  it("finds none in its parent's environment, and none in any process where the kernel hides the others", () => {
    expect(seen.parent).toBe(false)
    if (findIsolation() === 'namespace') {
      expect(seen.anyone).toBe(false)
      expect(seen.processes).toBeLessThan(10)
    }
  })

  it('has no terminal', () => {
    expect(seen.terminal).toBe(false)
  })

  it('is told one home folder, which is its own and is gone afterwards', () => {
    expect(seen.homes).toHaveLength(1)
    expect(seen.homes[0]).toMatch(/conform-worker-\w+\/home$/)
    expect(existsSync(seen.homes[0] ?? '/')).toBe(false)
  })
})
