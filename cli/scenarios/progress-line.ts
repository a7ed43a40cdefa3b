/** A line on a terminal's stderr that counts what has been done; nothing where no person watches. */
export function progressLine(quiet: boolean) {
  const write = (text: string) => {
    if (!quiet && process.stderr.isTTY) process.stderr.write(text)
  }
  return {
    show(plans: number, cases: number) {
      write(`\r\u001b[K${plans} plans run, ${cases} cases judged`)
    },
    clear: () => write('\r\u001b[K'),
  }
}
