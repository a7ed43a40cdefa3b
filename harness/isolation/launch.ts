import { spawnSync } from 'node:child_process'
import { devNull } from 'node:os'

/**
 * How a worker's process is kept apart from the machine.
 * `namespace`: the Linux kernel gives it a network with loopback alone and a list of processes of its own. Nothing in it
 * reaches another machine, and it cannot read the environment of the user's processes.
 * `network`: only the network is its own, as in some containers.
 * `process`: the kernel does not allow either. Guards inside the process refuse and report what they can see.
 */
export type Isolation = 'namespace' | 'network' | 'process'

/** From the strongest to the weakest. */
export const isolations: readonly Isolation[] = ['namespace', 'network', 'process']

/** A command with its arguments. */
export type CommandLine = readonly [string, ...string[]]

/** Programs such as `ip` are often in folders that are not on a user's PATH. */
const FIND = 'PATH="$PATH:/usr/sbin:/sbin"'

/** Without `ip`, Python makes the same request to the kernel: SIOCSIFFLAGS, IFF_UP | IFF_RUNNING. */
const LOOPBACK_UP = [
  'ip link set lo up',
  `python3 -c 'import fcntl, socket, struct; fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sh", b"lo", 0x41))'`,
  `perl -MSocket -e 'socket(S, PF_INET, SOCK_DGRAM, 0); ioctl(S, 0x8914, pack("a16s", "lo", 0x41)) or exit 1'`,
]
  .map((way) => `${FIND} ${way} 2>${devNull}`)
  .join(' || ')

/** Name lookups go to an address that nobody has (RFC 5737), so that the kernel counts each. */
const NO_NAMES = `{ ${FIND} mount --bind "$1" /etc/resolv.conf 2>${devNull} || true; }`

/** The worker gets no capabilities in its namespace. With them it could undo the isolation. */
const POWERLESS =
  'setpriv --no-new-privs --bounding-set=-all --inh-caps=-all --ambient-caps=-all --pdeathsig KILL --'

const buildUnshareCommand = (...spaces: string[]): CommandLine => [
  'setpriv',
  ...['--pdeathsig', 'KILL', 'unshare', '--user', '--map-current-user', '--keep-caps', '--net', '--mount'],
  ...spaces,
  '--',
]

/**
 * The command that starts an isolated worker. The worker's parent is always a shell with the worker's environment, so
 * no environment of the user can be read through it. If the starting process dies, the worker is killed.
 */
const before: Record<Isolation, (names: string) => CommandLine> = {
  namespace: (names) => [
    ...buildUnshareCommand('--pid', '--mount-proc', '--fork', '--kill-child'),
    ...['sh', '-c', `{ ${LOOPBACK_UP}; } && ${NO_NAMES} && shift && ${POWERLESS} "$@"; exit $?`, 'sh', names],
  ],
  network: (names) => [
    ...buildUnshareCommand('--fork', '--kill-child'),
    ...['sh', '-c', `{ ${LOOPBACK_UP}; } && ${NO_NAMES} && shift && ${POWERLESS} "$@"; exit $?`],
    ...['sh', names],
  ],
  process: () => [
    'sh',
    ...[
      '-c',
      'if command -v setpriv >/dev/null; then setpriv --pdeathsig KILL "$@"; else "$@"; fi; exit $?',
      'sh',
    ],
  ],
}

/**
 * Returns the command line that starts `command` isolated. `names`: a file like /etc/resolv.conf, which says where
 * the process looks up names.
 */
export function buildIsolatedCommand(isolation: Isolation, names: string, command: CommandLine): CommandLine {
  if (process.platform === 'win32') return command
  return [...before[isolation](names), ...command]
}

/** Returns the strongest isolation that this machine allows: each is tried with a command that does nothing. */
export function findIsolation(): Isolation {
  if (process.platform !== 'linux') return 'process'
  const works = (isolation: Isolation) => {
    const [command, ...args] = buildIsolatedCommand(isolation, devNull, ['true'])
    return spawnSync(command, args, { stdio: 'ignore', timeout: 10_000 }).status === 0
  }
  return isolations.find(works) ?? 'process'
}
