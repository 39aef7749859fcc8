import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'],
    setupFiles: ['src/testing/vitest-setup.ts'],
    // The machine has two cores; forks keep one crashing file from ending the run.
    pool: 'forks',
    testTimeout: 20_000,
  },
});
