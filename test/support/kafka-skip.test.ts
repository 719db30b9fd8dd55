import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

interface Run {
  readonly code: number;
  readonly output: string;
}

/** The broker's own tests on a machine that has neither Java nor Maven nor a broker. */
function runWithoutKafka(env: Record<string, string>): Promise<Run> {
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'integration', '--no-color'];
  const clean = { HOME: '/nonexistent', PATH: '/nonexistent', NO_COLOR: '1', ...env };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...args, 'test/support/kafka-broker.integration.test.ts'],
      { cwd: REPOSITORY, env: clean },
      (error, stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), output: `${stdout}${stderr}`.trimEnd() }),
    );
  });
}

it('skips tests that need Kafka where there is none, and says once how to get it', async () => {
  const { code, output } = await runWithoutKafka({});
  expect(code).toBe(0);
  expect(output.match(/install Java 17\+ and Maven, or set KAFKA_BROKERS/g)).toHaveLength(1);
  expect(output).toMatch(/^0 passed, 0 failed, 2 skipped$/m);
});

it('fails instead where DRIFTD_REQUIRE_KAFKA=1 is set', async () => {
  const { code, output } = await runWithoutKafka({ DRIFTD_REQUIRE_KAFKA: '1' });
  expect(code).toBe(1);
  expect(output).not.toContain('SKIPPED');
  expect(output).toMatch(/^0 passed, 2 failed$/m);
});
