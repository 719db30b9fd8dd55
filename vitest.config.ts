import { defineConfig } from 'vitest/config';
import { ClosingLineReporter } from './test/support/closing-line-reporter.ts';

const INTEGRATION = ['test/**/*.integration.test.ts', 'test/e2e/**/*.test.ts'];

export default defineConfig({
  test: {
    pool: 'forks',
    // A broker, a store and a daemon run beside the tests; more workers than this would only compete with them.
    maxWorkers: 2,
    retry: 0,
    reporters: ['default', new ClosingLineReporter()],
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: INTEGRATION, testTimeout: 20_000 },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: INTEGRATION,
          globalSetup: ['test/support/kafka-global-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
