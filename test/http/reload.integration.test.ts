import { expect, it } from 'vitest';
import { startApi } from './api-server.ts';

async function ask(url: string, method: string, headers = {}): Promise<[status: number, text: string]> {
  const response = await fetch(url, { method, headers });
  return [response.status, await response.text()];
}

it('reloads for POST and PUT, and answers when it is done', async () => {
  let reloads = 0;
  const { url } = await startApi(0, {
    reload: async () => {
      reloads += 1;
      return { ok: true };
    },
  });
  expect(await ask(`${url}/-/reload`, 'POST')).toEqual([200, 'reloaded\n']);
  expect(await ask(`${url}/-/reload?now`, 'PUT')).toEqual([200, 'reloaded\n']);
  expect(await ask(`${url}/-/reload`, 'GET')).toEqual([405, 'only POST and PUT are answered here\n']);
  expect(reloads).toBe(2);
});

it('says what is wrong with the new files', async () => {
  const reason = 'rules.yaml:8:15: unknown metric "psy"';
  const { url } = await startApi(0, { reload: async () => ({ ok: false, reason }) });
  expect(await ask(`${url}/-/reload`, 'POST')).toEqual([500, `not reloaded: ${reason}\n`]);
});

it('is refused while it is not enabled', async () => {
  const { url } = await startApi(0);
  expect(await ask(`${url}/-/reload`, 'POST')).toEqual([
    403,
    'not enabled; set http.enable_lifecycle: true\n',
  ]);
});

it('is refused to pages of other sites', async () => {
  let reloads = 0;
  const reload = async () => {
    reloads += 1;
    return { ok: true } as const;
  };
  const { url } = await startApi(0, { reload });
  const [status] = await ask(`${url}/-/reload`, 'POST', { Origin: 'https://elsewhere.example' });
  expect([status, reloads]).toEqual([403, 0]);
});
