import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * Sends one local request, so that Node's fetch starts its permanent timer (the tick of undici's fast timers). If the timer
 * started while a plan runs, it would count as left open by the runtime.
 */
export async function startFetchTimer(): Promise<void> {
  const server = createServer((_, response) => response.setHeader('connection', 'close').end())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  await (await fetch(`http://127.0.0.1:${port}`)).arrayBuffer()
  await once(server.close(), 'close')
}
