import { defineConfig } from 'vitest/config'

const exclude = ['**/node_modules/**', '**/.cache/**']

export default defineConfig({
  test: {
    reporters: ['default', './reports/closing-line.ts'],
    projects: [
      {
        test: {
          name: 'fast',
          include: ['**/*.test.ts'],
          exclude: [...exclude, '**/*.slow.test.ts'],
          testTimeout: 60_000,
        },
      },
      { test: { name: 'slow', include: ['**/*.slow.test.ts'], exclude, testTimeout: 240_000 } },
    ],
  },
})
