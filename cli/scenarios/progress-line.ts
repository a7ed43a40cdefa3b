/**
 * Returns a line on stderr that counts plans and cases. The line is not shown with `quiet`, or if stderr is not a terminal.
 */
export function createProgressLine(quiet: boolean) {
  const write = (text: string) => {
    if (!quiet && process.stderr.isTTY) process.stderr.write(text)
  }
  return {
    show(plans: number, cases: number) {
      write(`\r\u001b[K${plans} plans run, ${cases} cases done`)
    },
    clear: () => write('\r\u001b[K'),
  }
}
