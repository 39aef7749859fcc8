import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['e2e/**/*.e2e.test.ts'],
    setupFiles: ['src/testing/vitest-setup.ts'],
    pool: 'forks',
    // One engine, two cores: files that measure must not disturb one another.
    fileParallelism: false,
    testTimeout: 10 * 60_000,
    hookTimeout: 10 * 60_000,
    passWithNoTests: true,
  },
});
