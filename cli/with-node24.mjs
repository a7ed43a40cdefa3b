// Starts a tool of the project under Node 24, or prints how to install Node 24. Usage: with-node24.mjs TOOL ARGUMENTS…
import { spawnSync } from 'node:child_process'

const [major] = process.versions.node.split('.').map(Number)
if (major < 24) {
  console.error(
    `agent-conformance needs Node 24, found ${process.versions.node}. The installation failed. Run "npx --yes pnpm@12 install".`,
  )
  process.exit(2)
}
const [tool, ...given] = process.argv.slice(2)
const { status, signal } = spawnSync(tool, given, {
  stdio: 'inherit',
  env: { ...process.env, NODE_ENV: 'test' },
})
process.exit(status ?? (signal ? 3 : 2))
