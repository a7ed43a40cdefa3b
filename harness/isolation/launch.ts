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

/** Programs such as `ip` often lie in folders that are not on a user's PATH. */
const FIND = 'PATH="$PATH:/usr/sbin:/sbin"'

/** Where there is no `ip`, the same request is made to the kernel directly: SIOCSIFFLAGS, IFF_UP | IFF_RUNNING. */
const LOOPBACK_UP = [
  'ip link set lo up',
  `python3 -c 'import fcntl, socket, struct; fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sh", b"lo", 0x41))'`,
  `perl -MSocket -e 'socket(S, PF_INET, SOCK_DGRAM, 0); ioctl(S, 0x8914, pack("a16s", "lo", 0x41)) or exit 1'`,
]
  .map((way) => `${FIND} ${way} 2>${devNull}`)
  .join(' || ')

/** Names are asked of an address that nobody has (RFC 5737), so that the kernel counts each question. */
const NO_NAMES = `{ ${FIND} mount --bind "$1" /etc/resolv.conf 2>${devNull} || true; }`

/** The capabilities in the new namespace are dropped: with them a process could take its own walls down. */
const POWERLESS =
  'setpriv --no-new-privs --bounding-set=-all --inh-caps=-all --ambient-caps=-all --pdeathsig KILL --'

const buildUnshareCommand = (...spaces: string[]): CommandLine => [
  'setpriv',
  ...['--pdeathsig', 'KILL', 'unshare', '--user', '--map-current-user', '--keep-caps', '--net', '--mount'],
  ...spaces,
  '--',
]

/**
 * What stands before a worker's command. In each form the worker's parent is a shell that has the worker's environment,
 * so that no environment of the user's can be read through it. If the process that started it dies, it is killed as well.
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
 * Returns the command line that starts `command` isolated. `names`: a file in the form of /etc/resolv.conf, from which an
 * isolated process takes where names are asked for.
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
