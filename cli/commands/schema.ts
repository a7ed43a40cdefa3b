import type { Command } from 'commander'
import { protocolSchema } from '../../harness/remote/protocol.ts'
import { jsonText } from '../../mocks/json-text.ts'
import { recordingSchema } from '../../mocks/recordings/formats/ours.ts'

export function schemaCommand(program: Command): void {
  program
    .command('schema')
    .description('Print the JSON Schema of the recording format, one document on stdout.')
    .option('--protocol', "of what the harness and a runtime's driver say to one another, instead")
    .action(({ protocol }: { protocol?: true }) => {
      process.stdout.write(`${jsonText(protocol ? protocolSchema() : recordingSchema(), 2)}\n`)
    })
}
