#!/usr/bin/env node
// This file is plain JavaScript, so that it can print an error under a Node version that cannot run TypeScript.
import { fileURLToPath } from 'node:url'

const [major] = process.versions.node.split('.').map(Number)
if (major < 24) {
  console.error(
    `agent-conformance needs Node 24, found ${process.versions.node}. Start it with "npx --yes pnpm@12 conform", ` +
      'which installs Node 24. If you did, the installation failed: see the lines above, or run "npx --yes pnpm@12 install".',
  )
  process.exit(2)
}
// `pnpm -C` starts this process in the clone. Paths on the command line are relative to the folder of the user.
if (process.env.INIT_CWD) process.chdir(process.env.INIT_CWD)
// Node compiles TypeScript at each start. A compile cache in the clone cuts the start time to a third. The workers use it
// as well, so it is named by Node's own variable.
const { enableCompileCache } = await import('node:module')
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../.cache/compiled', import.meta.url))
enableCompileCache()
await import('./main.ts')
