import { isRemoved } from '../../stand-in.ts'
import type { Edit } from './edits.ts'
import { isCredential } from './names.ts'
import { decodePart, type Replace } from './urls.ts'
import { looksRandom } from './values.ts'

/** `"name": "value"` and `'name' => 'value'`, also with backslashes before the quotation marks. */
const QUOTED =
  /(?<q>\\*["'])(?<name>[\w.$ -]{1,100})\k<q>\s{0,20}(?::|=>?)\s{0,20}(?<v>\\*["'])(?<value>(?:(?!(?<!\\)\k<v>)[^\n]){1,16384})/dg
/** `name=value` and `name: value`, with or without quotation marks around the value. */
const ASSIGNED =
  /(?<![\w-])(?<name>[A-Za-z_][\w.%-]{0,100})["'`]?\s{0,4}[:=]\s{0,4}(?:(?:Bearer|Basic|Token)\s{1,4})?["'`]?(?<value>[^\s"'`,;&<>(){}[\]|]{6,16384})/dgi
/** `name="value"` and `name: 'value'`. */
const QUOTED_VALUE =
  /(?<![\w-])(?<name>[A-Za-z_][\w.-]{0,100})\s{0,4}[:=]\s{0,4}(?<v>\\*["'`])(?<value>(?:(?!(?<!\\)\k<v>)[^\s]){6,16384})\k<v>/dg
/** A whole line of YAML or of a file of environment variables. */
const LINE =
  /^[ \t]{0,100}(?:- |export )?["']?(?<name>[A-Za-z_][\w.-]{0,100})["']?(?:=|:[ \t]{1,8})["']?(?<value>[^\s"'(){}[\]<>,;]{1,16384})["']?[ \t]{0,100}$/dgm
/** An element of XML. */
const ELEMENT = /<(?<name>[A-Za-z_][\w.:-]{0,100})(?: [^<>]{0,400})?>(?<value>[^<]{1,16384})<\//dg
/** Values that say something about a credential and are none. */
const PLAIN_VALUE =
  /^(true|false|null|none|nil|undefined|string|str|text|required|optional|number|integer|boolean|yes|no|~|[|>]-?|\$.*)$/i
/** A header line, as programs print it. */
const HEADER =
  /(?<![\w-])(?<name>(?:[A-Za-z]{1,40}-){1,6}[A-Za-z]{1,40}|authorization|cookie): {0,4}(?<value>[^\n\r"'`]{6,16384})/dgi
/** A form body, or a text that is one `name=value`. */
const FORM =
  /(?<![^\s"'`?])[\w.%+[\]~-]{1,200}=VALUE(?:&[\w.%+[\]~-]{1,200}=VALUE)+|^\s*[\w.%+[\]~-]{1,200}=VALUE\s*$/
/** An apostrophe belongs to a value if the value or the form goes on behind it and behind other signs that nobody encodes. */
const APOSTROPHE = `'(?=[\\w%(*~!'-]|[).]+(?:[\\w%(*~!'-]|&[\\w.%+[\\]~-]{1,200}=))`
const FORMS = new RegExp(FORM.source.replaceAll('VALUE', `(?:[^&\\s"'\`]|${APOSTROPHE})*`), 'g')
const FORM_PAIR = /(?<=^\s*|&)(?<name>[^=&\s]+)=(?<value>[^&\s]+)/dg

/** Returns the replacements for values beside a credential's name in texts that are not JSON. */
export function findPairEdits(text: string, replace: Replace): Edit[] {
  return [
    ...findFormEdits(text, replace),
    ...findEdits(text, QUOTED, () => true, replace),
    ...findEdits(text, QUOTED_VALUE, isNoPlainValue, replace),
    ...findEdits(text, LINE, isNoPlainValue, replace),
    ...findEdits(text, ELEMENT, isNoPlainValue, replace),
    ...findEdits(text, HEADER, (value) => !/ \w+ \w+ /.test(value), replace),
    ...findEdits(text, ASSIGNED, looksAssigned, replace),
  ]
}

function findFormEdits(text: string, replace: Replace): Edit[] {
  if (!text.includes('=')) return []
  return [...text.matchAll(FORMS)].flatMap(({ index, 0: form }) =>
    findEdits(form, FORM_PAIR, () => true, replace, decodePart).map(({ from, to, text }) => ({
      from: index + from,
      to: index + to,
      text,
    })),
  )
}

function findEdits(
  text: string,
  pattern: RegExp,
  fits: (value: string) => boolean,
  replace: Replace,
  decode: (raw: string) => string = (raw) => raw,
): Edit[] {
  const edits: Edit[] = []
  for (const match of text.matchAll(pattern)) {
    const { name = '', value: raw = '' } = match.groups ?? {}
    const value = decode(raw)
    const said = decodePart(name)
    if (isRemoved(value) || !isCredential(said, value)) continue
    if (!looksRandom(value) && !fits(value)) continue
    const [from, to] = match.indices?.groups?.['value'] ?? [0, 0]
    edits.push({ from, to, text: replace(value) })
  }
  return edits
}

const isNoPlainValue = (value: string) => !PLAIN_VALUE.test(value.trim())

/** Returns whether an unquoted value is a credential and not a word of a sentence or a name in a program. */
function looksAssigned(value: string): boolean {
  if (/^(process\.env|os\.environ|\$|<|%)/.test(value)) return false
  return (
    /\d/.test(value) ||
    (value.length >= 8 && /[a-z]/.test(value) && /[a-z][A-Z]|[A-Z]{2}[a-z]/.test(value)) ||
    /[!@#$%^*~+/=]/.test(value)
  )
}
