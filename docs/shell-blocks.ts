/** One command line of a page, as the words that a shell would pass on. */
export interface CommandLine {
  text: string
  words: string[]
}

/** Returns the command lines in a page's `sh` blocks, and those behind `$ ` in its blocks without a language. */
export function commandLinesOf(page: string): CommandLine[] {
  return [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)].flatMap(([, language, block = '']) => {
    const lines = block.replace(/\\\n\s*/g, ' ').split('\n')
    if (language === 'sh') return lines.flatMap(toCommandLine)
    if (language !== '') return []
    return lines.flatMap((line) => (line.startsWith('$ ') ? toCommandLine(line.slice(2)) : []))
  })
}

function toCommandLine(text: string): CommandLine[] {
  const words = splitWords(text)
  return words.length === 0 ? [] : [{ text: text.trim(), words }]
}

/** Returns the words of a shell line without its comment. Quoted parts stay together. */
function splitWords(line: string): string[] {
  const words: string[] = []
  for (const [, single, double, plain] of line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)) {
    if (plain?.startsWith('#')) break
    words.push(single ?? double ?? plain ?? '')
  }
  return words
}

/** Returns the arguments of `conform` in a command line, or undefined if the line calls another program. */
export function conformArguments({ words }: CommandLine): string[] | undefined {
  if (words[0] === 'conform') return words.slice(1)
  if (words.slice(0, 4).join(' ') === 'npx --yes pnpm@12 conform') return words.slice(4)
  return undefined
}
