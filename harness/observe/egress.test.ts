import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { expect, it } from 'vitest'
import { refuseEgress } from './egress.ts'

it('leaves no way but to loopback', async () => {
  const server = createServer((socket) => socket.end())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const guard = refuseEgress()
  try {
    const near = connect(port, '127.0.0.1')
    await once(near, 'connect')
    near.destroy()
    for (const far of [() => connect(9, '192.0.2.1'), () => connect({ host: 'example.invalid', port: 9 })]) {
      const [error] = (await once(far(), 'error')) as [Error]
      expect(error.message).toMatch(/^conformance: no way to (192\.0\.2\.1|example\.invalid):9$/)
    }
    const asked = fetch('http://192.0.2.1:4999').catch((error: Error) => error.cause)
    expect(String(await asked)).toContain('conformance: no way to 192.0.2.1:4999')
  } finally {
    guard.release()
    server.close()
  }
})
