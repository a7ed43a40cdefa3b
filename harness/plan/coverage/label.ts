/** A value of a word, as `stop: abort`, or a pair of them, as `stop: abort + pull: final-only`. */
export type Label = string

/** Which values and pairs a scenario leaves out: a word, a value or a pair, each with the reason. */
export type LeavesOut = Readonly<Record<Label, string>>

/** Returns the label of a value. */
export function labelValue(word: string, value: string): Label {
  return `${word}: ${value}`
}

/** Returns the label of a pair. The value of the word that comes first in the list of words is the first one. */
export function labelPair(first: Label, second: Label): Label {
  return `${first} + ${second}`
}

/** Returns the two labels of a pair. */
export function splitPair(pair: Label): Label[] {
  return pair.split(' + ')
}
