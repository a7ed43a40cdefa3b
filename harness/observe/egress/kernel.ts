import { existsSync, readFileSync } from 'node:fs'

/**
 * Counts what processes in this network namespace tried to send to other machines. There is no route out of it, so the
 * kernel refuses each attempt and counts it, whichever process, thread or library it came from.
 */
export function countUnroutable(): number {
  return (
    readCounter(readFileOrEmpty('/proc/net/snmp')) +
    Number(/^Ip6OutNoRoutes\s+(\d+)$/m.exec(readFileOrEmpty('/proc/net/snmp6'))?.[1] ?? 0)
  )
}

/** OutNoRoutes of a table with one line of names and one of numbers. */
function readCounter(text: string): number {
  const [names = '', numbers = ''] = text.split('\n').filter((line) => line.startsWith('Ip: '))
  const place = names.split(' ').indexOf('OutNoRoutes')
  return place < 0 ? 0 : Number(numbers.split(' ')[place])
}

function readFileOrEmpty(file: string): string {
  // Without IPv6 there is no table of it. An exception for each plan would cost time.
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}
