import type { Command } from 'commander'
import { comparisons, invariants } from '../../harness/invariants/index.ts'
import { toPrintable } from '../../mocks/printable.ts'
import { explainInvariant } from '../../reports/explain.ts'
import { UsageError } from '../exit-codes.ts'

export function addExplainCommand(program: Command): void {
  program
    .command('explain <id>')
    .description('Explain an invariant: its statement, its source, and an example that violates it.')
    .addHelpText(
      'after',
      '\nExample:\n  $ conform explain no-leaked-spans\n\n"conform list" prints the ids of all invariants.',
    )
    .action((id: string) => {
      const text = explainInvariant(id)
      if (text === undefined) {
        const known = [...invariants, ...comparisons].map((one) => one.id).join(', ')
        throw new UsageError(`explain: found "${toPrintable(id)}", expected one of ${known}`)
      }
      process.stdout.write(`${text.trimEnd()}\n`)
    })
}
