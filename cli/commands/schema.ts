import type { Command } from 'commander'
import { buildProtocolSchema } from '../../harness/remote/protocol.ts'
import { jsonText } from '../../mocks/json-text.ts'
import { recordingSchema } from '../../mocks/recordings/formats/ours.ts'

export function addSchemaCommand(program: Command): void {
  program
    .command('schema')
    .description('Print the JSON Schema of the recording format.')
    .option('--protocol', 'print the JSON Schema of the protocol between the harness and a driver instead')
    .action(({ protocol }: { protocol?: true }) => {
      process.stdout.write(`${jsonText(protocol ? buildProtocolSchema() : recordingSchema(), 2)}\n`)
    })
}
