import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DriverProcess } from '../../harness/remote/driver-process.ts'

const packages = fileURLToPath(new URL('.', import.meta.url))

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conform-test-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A driver that carries this out while it is loaded, and whose name is the value of `told` then. */
async function commandFor(lines: string) {
  const at = await mkdtemp(join(folder, 'driver-'))
  const driver = join(at, 'driver.py')
  await writeFile(
    driver,
    `import asyncio, os, pwd, socket, subprocess, sys, threading
from types import SimpleNamespace

told = 'guarded'

def tried(work):
    try:
        return work()
    except OSError as error:
        return f'{type(error).__name__}: {error}'

${lines}
runtime = SimpleNamespace(name=told, version='1', supports=set(), hooks={})
`,
  )
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: at,
    PYTHONPATH: packages,
    PYTHONDONTWRITEBYTECODE: '1',
  }
  return { command: 'python3', args: ['-m', 'conformance_driver', driver], env }
}

/** Where such a driver tried to get to, and what it told. */
async function loaded(lines: string): Promise<{ reached: string[]; told: string; home: string }> {
  const command = await commandFor(lines)
  const driver = new DriverProcess(command)
  try {
    const { name } = await driver.ready
    return { reached: [...driver.reachedFor], told: name, home: command.env.HOME }
  } finally {
    driver.kill('the test is over')
  }
}

const udp = 'socket.socket(socket.AF_INET, socket.SOCK_DGRAM)'
const tcp = 'socket.socket()'

describe('the guard of the Python driver', () => {
  it.each<[string, string, string[]]>([
    ['a connection', `told = tried(lambda: ${tcp}.connect(('192.0.2.1', 80)))`, ['192.0.2.1:80']],
    [
      'a connection that gives its error',
      `told = tried(lambda: ${tcp}.connect_ex(('192.0.2.1', 80)))`,
      ['192.0.2.1:80'],
    ],
    [
      'a connection by a name',
      "told = tried(lambda: socket.create_connection(('example.test', 80)))",
      ['example.test'],
    ],
    ['a datagram', `told = tried(lambda: ${udp}.sendto(b'x', ('192.0.2.1', 53)))`, ['192.0.2.1:53']],
    [
      'a datagram in parts',
      `told = tried(lambda: ${udp}.sendmsg([b'x'], [], 0, ('192.0.2.1', 53)))`,
      ['192.0.2.1:53'],
    ],
    [
      'an address of version 6',
      "told = tried(lambda: socket.socket(socket.AF_INET6).connect(('2001:db8::1', 80, 0, 0)))",
      ['2001:db8::1:80'],
    ],
    [
      'the look-up of a name',
      "told = tried(lambda: socket.getaddrinfo('example.test', 443))",
      ['example.test'],
    ],
    [
      'the old look-up of a name',
      "told = tried(lambda: socket.gethostbyname(b'example.test'))",
      ['example.test'],
    ],
    ['the name of an address', "told = tried(lambda: socket.gethostbyaddr('192.0.2.1'))", ['192.0.2.1']],
    [
      "asyncio's own connection",
      `async def connected():
    reach = ${tcp}
    reach.setblocking(False)
    await asyncio.get_running_loop().sock_connect(reach, ('192.0.2.1', 80))
def in_a_loop():
    asyncio.run(connected())
trying = threading.Thread(target=lambda: globals().update(told=tried(in_a_loop)))
trying.start()
trying.join()`,
      ['192.0.2.1:80'],
    ],
    [
      "a unix socket of the machine's",
      "told = tried(lambda: socket.socket(socket.AF_UNIX).connect('/run/any.sock'))",
      ['unix /run/any.sock'],
    ],
    [
      'a forked child',
      `child = os.fork()
if child == 0:
    tried(lambda: ${tcp}.connect(('192.0.2.1', 80)))
    os._exit(0)
os.waitpid(child, 0)
told = 'ConnectionRefusedError: conformance: no way to a child'`,
      ['192.0.2.1:80'],
    ],
  ])('tells and refuses %s', async (_, lines, reached) => {
    const driver = await loaded(lines)
    expect(driver.reached).toEqual(reached)
    expect(driver.told).toContain('ConnectionRefusedError: conformance: no way to')
  })

  it('lets through what stays on this machine', async () => {
    const local = `
server = socket.create_server(('127.0.0.1', 0))
port = server.getsockname()[1]
socket.create_connection(('localhost', port)).close()
socket.create_connection(('0.0.0.0', port)).close()
wide = socket.socket(socket.AF_INET6)
tried(lambda: wide.connect(('::ffff:127.0.0.1', port, 0, 0)))
tried(lambda: socket.socket(socket.AF_INET6).connect(('::1', port, 0, 0)))
path = os.path.join(os.environ['HOME'], 'socket')
unix = socket.socket(socket.AF_UNIX)
unix.bind(path)
unix.listen()
socket.socket(socket.AF_UNIX).connect(path)
${udp}.sendto(b'x', ('127.0.0.1', port))
socket.getaddrinfo('192.0.2.1', 80)
tried(lambda: socket.getaddrinfo('127.0.0.1.localhost', 80))
tried(lambda: socket.gethostbyname(socket.gethostname()))
tried(lambda: socket.gethostbyname(${JSON.stringify(hostname())}.upper()))
if hasattr(socket, 'AF_NETLINK'):
    socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).connect((0, 0))
told = subprocess.run([sys.executable, '-c', 'print("started")'], capture_output=True, text=True).stdout.strip()`
    expect(await loaded(local)).toMatchObject({ reached: [], told: 'started' })
  })

  it('has the throw-away home be that of the user, whoever is asked for it', async () => {
    const { told, home } = await loaded(`
own = pwd.getpwuid(os.getuid())
homes = {os.path.expanduser('~'), own.pw_dir, os.path.expanduser('~' + own.pw_name), pwd.getpwnam(own.pw_name).pw_dir}
homes |= {entry.pw_dir for entry in pwd.getpwall() if entry.pw_uid == os.getuid()}
del os.environ['HOME']
homes.add(os.path.expanduser('~'))
told = ' '.join(homes)`)
    expect(told).toBe(home)
  })
})
