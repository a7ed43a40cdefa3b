import { Option } from 'commander'

/** Returns an option that may be given several times. Its value is the list of all that were given. */
export function repeatedOption(flags: string, description: string, whenAbsent = 'all'): Option {
  return new Option(flags, `${description}; may be repeated`)
    .argParser((value: string, before: readonly string[]) => [...before, value])
    .default([], whenAbsent)
}

/** Returns the option `--with`, or one like it. `which` says where the chosen packages are installed. */
export function withOption(which: string, flag = '--with'): Option {
  return repeatedOption(
    `${flag} <package@version>`,
    `install this version of a further package ${which}, only for Python`,
    'as in manifest.yaml',
  )
}
