#!/usr/bin/env node
// Plain JavaScript: it must be able to say what is wrong under a Node that cannot run the rest.
import { fileURLToPath } from 'node:url'

const [major] = process.versions.node.split('.').map(Number)
if (major < 24) {
  console.error(
    `agent-conformance needs Node 24, found ${process.versions.node}. Start it with "npx --yes pnpm@12 conform": ` +
      'that brings Node 24 along. If it did, the installation failed: see the lines above, or run "npx --yes pnpm@12 install".',
  )
  process.exit(2)
}
// Started through `pnpm -C`, the process stands in the clone; what the user names stands where the user is.
if (process.env.INIT_CWD) process.chdir(process.env.INIT_CWD)
// Node runs our TypeScript as it stands. What it has compiled is kept in the clone: a start takes a third of the time.
const { enableCompileCache } = await import('node:module')
enableCompileCache(fileURLToPath(new URL('../.cache/compiled', import.meta.url)))
await import('./main.ts')
