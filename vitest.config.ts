import { defineConfig } from 'vitest/config'
import { Workers } from './harness/isolation/workers.ts'
import { buildProject, listDefaultSubjects } from './harness/vitest/projects.ts'
import RegressionsFirst from './harness/vitest/regressions-first.ts'

const workers = new Workers()

const exclude = ['**/node_modules/**', '**/.cache/**']

export default defineConfig({
  test: {
    // Much of a test's time is another process's.
    maxWorkers: '100%',
    // What a client prints while it is tested hides failures in a log.
    silent: 'passed-only',
    sequence: { sequencer: RegressionsFirst },
    reporters: ['default', './reports/closing-line.ts'],
    projects: [
      {
        test: {
          name: 'fast',
          include: ['**/*.test.ts'],
          exclude: [...exclude, '**/*.slow.test.ts'],
          // It ends a test that hangs. It is no measure of speed: a busy machine is several times slower.
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
      // Each runtime is a project over the scenario files, so that Vitest's own options work on them, too.
      ...listDefaultSubjects().map((subject) => buildProject(subject, workers)),
      {
        test: {
          name: 'slow',
          include: ['**/*.slow.test.ts'],
          exclude,
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
})
