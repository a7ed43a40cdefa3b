import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a process cannot do without, and how it prints; nothing of it is a credential. */
const KEPT = new Set(
  'PATH LANG TZ TMPDIR SystemRoot NO_COLOR FORCE_COLOR CI TERM NODE_ENV NODE_OPTIONS HOME'.split(' '),
)

/**
 * Leaves in this process's environment only what a worker needs, Vitest's own marks among it, with a throw-away HOME
 * that goes when the process does: no runtime under test sees a credential, or a file, of the user's. Gives what puts it
 * back as it was, which an installer needs: where the registries are is the user's setting.
 */
export function cleanEnvironment(): () => void {
  if (process.env['CONFORM_CLEAN'] === '1') return () => {}
  const given = { ...process.env }
  for (const name of Object.keys(process.env))
    if (!KEPT.has(name) && !/^(VITEST|TINYPOOL|CONFORM_)/.test(name)) delete process.env[name]
  const home = mkdtempSync(join(tmpdir(), 'conform-home-'))
  const leave = () => rmSync(home, { recursive: true, force: true })
  process.once('exit', leave)
  process.env['HOME'] = home
  process.env['CONFORM_CLEAN'] = '1'
  return () => {
    process.off('exit', leave)
    leave()
    for (const name of Object.keys(process.env)) delete process.env[name]
    Object.assign(process.env, given)
  }
}
