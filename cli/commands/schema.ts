import type { Command } from 'commander'
import { recordingSchema } from '../../mocks/recordings/formats/ours.ts'

export function schemaCommand(program: Command): void {
  program
    .command('schema')
    .description('Print the JSON Schema of the recording format, one document on stdout.')
    .action(() => {
      process.stdout.write(`${JSON.stringify(recordingSchema(), null, 2)}\n`)
    })
}
