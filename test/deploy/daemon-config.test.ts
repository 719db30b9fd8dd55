import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { runHere } from '../cli/recorder.ts';

it('is a configuration, with rules, that driftd accepts', async () => {
  const file = fileURLToPath(new URL('../../deploy/driftd.yaml', import.meta.url));
  const environment = { DRIFTD_CLICKHOUSE_PASSWORD: 'x', DRIFTD_RETRAINING_SECRET: 'whsec_eA==' };
  expect(await runHere(['check', file], environment)).toMatchObject({ code: 0, stderr: [] });
});
