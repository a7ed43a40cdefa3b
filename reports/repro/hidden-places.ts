/** Prefix of the temporary HOME of a driver. */
const HOME = 'conform-home-'

/**
 * Returns a value with the folders of this machine replaced by `{home}` and `{cwd}`, because some runtimes send them to the
 * model. The time is linear in the size of the value, because a text of the model may be of any size.
 */
export function hidePlaces<T>(value: T, cwd: string = process.cwd()): T {
  const inJson = (path: string) => JSON.stringify(path).slice(1, -1)
  const text = hideHomes(JSON.stringify(value))
  return JSON.parse(cwd.length > 1 ? text.replaceAll(inJson(cwd), '{cwd}') : text) as T
}

/** Replaces each path of a temporary HOME, from the start of its word to the end of its name. */
function hideHomes(text: string): string {
  if (!text.includes(HOME)) return text
  // A single expression for the word and the name would take quadratic time on a long word.
  return text.replaceAll(/[^\s"]+/g, (word) => {
    const end = findEndOfHome(word)
    return end === undefined ? word : `{home}${word.slice(end)}`
  })
}

/** Returns the end of the last HOME in a word, or undefined if the word contains none. */
function findEndOfHome(word: string): number | undefined {
  for (let at = word.lastIndexOf(HOME); at >= 0; at = at === 0 ? -1 : word.lastIndexOf(HOME, at - 1)) {
    const rest = at + HOME.length
    if (at > 0 && /\w/.test(word.charAt(at - 1))) continue
    if (/\w/.test(word.charAt(rest))) return rest + measureName(word, rest)
  }
  return undefined
}

function measureName(word: string, from: number): number {
  const name = /\w*/y
  name.lastIndex = from
  return name.exec(word)?.[0].length ?? 0
}
