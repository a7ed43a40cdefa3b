import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a process cannot do without, and how it prints; nothing of it is a credential. */
const KEPT = new Set(
  'PATH LANG TZ TMPDIR SystemRoot NO_COLOR FORCE_COLOR CI TERM NODE_ENV NODE_OPTIONS HOME'.split(' '),
)

/**
 * Leaves in this process's environment only what a worker needs, Vitest's own marks among it, with a throw-away HOME
 * that goes when the process does: no runtime under test sees a credential, or a file, of the user's.
 */
export function cleanEnvironment(): void {
  if (process.env['CONFORM_CLEAN'] === '1') return
  for (const name of Object.keys(process.env))
    if (!KEPT.has(name) && !/^(VITEST|TINYPOOL|CONFORM_)/.test(name)) delete process.env[name]
  const home = mkdtempSync(join(tmpdir(), 'conform-home-'))
  process.once('exit', () => rmSync(home, { recursive: true, force: true }))
  process.env['HOME'] = home
  process.env['CONFORM_CLEAN'] = '1'
}
