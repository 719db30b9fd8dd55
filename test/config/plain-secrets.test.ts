import { expect, it } from 'vitest';
import { configJsonSchema } from '../../src/config/load.ts';
import { plainSecrets } from '../../src/config/plain-secrets.ts';

it('finds logins of retraining targets that stand in the file, and none that comes from elsewhere', () => {
  const written = {
    receivers: [{ name: 'a', slack_configs: [{ api_url: 'https://x' }] }],
    retraining: [
      { name: 'a', webhook: { url: 'https://x', secret: 'plain' }, callback_secret: '${CALLBACK}' },
      {
        name: 'b',
        airflow: { url: 'https://x', dag_id: 'd', username: 'u', password_file: 'secrets/airflow' },
      },
      {
        name: 'c',
        argo_events: { url: 'https://x', http_config: { authorization: { credentials: 'plain' } } },
      },
    ],
  };
  const message = (key: string): string =>
    `this secret stands in the file for everybody to read; use \${NAME} or ${key}_file`;
  expect(plainSecrets(written, configJsonSchema())).toEqual([
    { path: ['retraining', 0, 'webhook', 'secret'], message: message('secret') },
    {
      path: ['retraining', 2, 'argo_events', 'http_config', 'authorization', 'credentials'],
      message: message('credentials'),
    },
  ]);
  expect(plainSecrets({ retraining: 'nonsense' }, configJsonSchema())).toEqual([]);
  expect(plainSecrets(null, configJsonSchema())).toEqual([]);
});
