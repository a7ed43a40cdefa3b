import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import pc from 'picocolors'
import { allQuirks, allRules } from '../../mocks/grammar/rules.ts'
import { toPrintable } from '../../mocks/printable.ts'
import { type Checked, checkPaths, type Finding, MOST_FINDINGS } from '../../mocks/recordings/check.ts'
import { countWithNoun } from '../../reports/count-with-noun.ts'
import { describeWithoutTraffic } from '../../reports/without-traffic.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { writeJson } from '../json-file.ts'

interface CheckOptions {
  quirks: boolean
  json?: string
}

export function addCheckCommand(program: Command): void {
  program
    .command('check')
    .description('Check recordings and captured event streams against the grammar of the Responses API.')
    .argument(
      '<path...>',
      'files or folders: recordings in any known format, or captured streams as .sse or .txt',
    )
    .option('--quirks', 'also print known deviations of other servers', false)
    .option('--json <file>', 'write the findings as JSON to this file; - for stdout')
    .addHelpText(
      'after',
      `
Exit codes:
  0  no file breaks a rule
  1  a file breaks a rule or cannot be read
  2  wrong usage

Examples:
  $ conform check mocks/recordings/own
  $ curl -sN … > capture.sse; conform check capture.sse`,
    )
    .action(async (paths: string[], options: CheckOptions) => {
      process.exitCode = await checkFiles(paths, options)
    })
}

async function checkFiles(paths: string[], options: CheckOptions): Promise<number> {
  for (const path of paths)
    if (!existsSync(path))
      throw new UsageError(`check: found no ${toPrintable(path)}, expected a file or folder`)
  const checked = await checkPaths(paths)
  if (checked.files + checked.withoutTraffic === 0 && checked.findings.length === 0)
    throw new UsageError(
      `check: found no recording or captured stream in ${paths.map((path) => toPrintable(path)).join(', ')}`,
    )
  if (options.json !== undefined) await writeJson(options.json, { schema: 1, ...checked })
  if (options.json !== '-') process.stdout.write(`${formatReport(checked, options.quirks)}\n`)
  return checked.findings.some(({ kind }) => kind === 'breach') ? exitCodes.violated : exitCodes.expected
}

function formatReport(checked: Checked, quirks: boolean): string {
  const { files, withoutTraffic, interactions, streams, events, findings, further } = checked
  const statements = new Map(
    [...allRules, ...allQuirks].map(({ id, statement, source }) => [id, { statement, source }]),
  )
  const breaches = findings.filter(({ kind }) => kind === 'breach')
  const count = breaches.length + further.breach
  const shown = quirks ? findings : breaches
  const lines = shown.map((finding) => {
    const rule = statements.get(finding.rule)
    const told = rule ? `\n    ${pc.dim(`${rule.statement} (${rule.source})`)}` : ''
    return `${formatPlace(finding)}  ${chooseColour(finding)(finding.rule)}\n    ${toPrintable(finding.message, 400)}${told}`
  })
  const known = findings.length - breaches.length + further.quirk
  const summary =
    (count === 0 ? pc.green('No rule is broken.') : pc.red(`${countWithNoun(count, 'broken rule')}.`)) +
    (further.breach === 0 ? '' : ` Only the first ${MOST_FINDINGS} of each file are shown.`) +
    (known === 0
      ? ''
      : ` ${countWithNoun(known, 'known deviation')} of other servers${quirks ? '' : ' (--quirks prints them)'}.`) +
    ` Checked: ${countWithNoun(files, 'file')}, ${countWithNoun(interactions, 'interaction')}, ` +
    `${countWithNoun(streams, 'stream')}, ${countWithNoun(events, 'stream event')}.` +
    (withoutTraffic > 0 ? ` ${describeWithoutTraffic(withoutTraffic)}` : '')
  return [...lines, summary].join('\n')
}

function formatPlace({ file, interaction, event }: Finding): string {
  const parts = [toPrintable(file, 400)]
  if (interaction !== null) parts.push(`interaction ${interaction}`)
  if (event !== null) parts.push(`event ${event}`)
  return parts.join(', ')
}

function chooseColour({ kind }: Finding): (text: string) => string {
  return { breach: pc.red, quirk: pc.yellow }[kind]
}
