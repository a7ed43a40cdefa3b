/** How the throw-away HOME of a driver begins. */
const HOME = 'conform-home-'

/**
 * Returns a value with the folders of this machine replaced by `{home}` and `{cwd}`: some runtimes tell them to their
 * model. The time is linear in the size of the value, for a model's text may be of any size.
 */
export function hidePlaces<T>(value: T, cwd: string = process.cwd()): T {
  const inJson = (path: string) => JSON.stringify(path).slice(1, -1)
  const text = hideHomes(JSON.stringify(value))
  return JSON.parse(cwd.length > 1 ? text.replaceAll(inJson(cwd), '{cwd}') : text) as T
}

/** Each word that names a HOME, from its beginning to the end of that name. */
function hideHomes(text: string): string {
  if (!text.includes(HOME)) return text
  // One expression for the word and the name in it would try every beginning of a long word: quadratic time.
  return text.replaceAll(/[^\s"]+/g, (word) => {
    const end = endOfHome(word)
    return end === undefined ? word : `{home}${word.slice(end)}`
  })
}

/** Where the name of the last HOME in a word ends; undefined where there is none. */
function endOfHome(word: string): number | undefined {
  for (let at = word.lastIndexOf(HOME); at >= 0; at = at === 0 ? -1 : word.lastIndexOf(HOME, at - 1)) {
    const rest = at + HOME.length
    if (at > 0 && /\w/.test(word.charAt(at - 1))) continue
    if (/\w/.test(word.charAt(rest))) return rest + lengthOfName(word, rest)
  }
  return undefined
}

function lengthOfName(word: string, from: number): number {
  const name = /\w*/y
  name.lastIndex = from
  return name.exec(word)?.[0].length ?? 0
}
