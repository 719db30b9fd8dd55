import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { RetrainDesk } from '../../src/pipeline/retraining/retrain-desk.ts';
import { startApi } from '../http/api-server.ts';
import { optionsOf } from '../notify/examples.ts';
import { answers, startReceiver } from '../notify/receiver-server.ts';
import { statesOf, storeRequest } from '../pipeline/retraining/stored-request.ts';
import { storesOfSuite } from '../support/stores.ts';
import { blocks } from './documents.ts';

const run = promisify(execFile);
const stores = storesOfSuite('server');

describe('the script in docs/retraining.md', () => {
  it('reports, signed as driftd wants it', async () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const script = blocks('sh').find(({ text }) => text.includes('report.sh'))?.text ?? '';
    const folder = await mkdtemp(join(tmpdir(), 'driftd-report-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, 'report.sh');
    await writeFile(file, script);
    await chmod(file, 0o755);

    const store = await stores.fresh();
    const { id } = await storeRequest(store);
    const { retraining } = optionsOf({
      retraining: [{ name: 'pipeline', argo_events: { url: 'http://127.0.0.1:1' }, callback_secret: secret }],
    });
    const desk = new RetrainDesk({ clock: systemClock, store, targets: () => retraining });
    const { url } = await startApi(systemClock.now(), {
      retrain: { clock: systemClock, desk: () => desk, targets: () => retraining, ownOrigins: () => [] },
    });
    const report = (body: object, key = secret, base = url) =>
      run(file, [`${base}/v1/retrains/${id}`, JSON.stringify(body)], {
        env: { ...process.env, SECRET: key },
      });

    const { stdout } = await report({ status: 'accepted', run: 'größer' });
    expect(JSON.parse(stdout)).toMatchObject({ state: 'accepted', run: 'größer' });
    await report({ status: 'succeeded', version: '8' });
    expect((await statesOf(store, id)).state).toBe('succeeded');
    // Bound to its request, so that nobody can send it again for another one.
    const server = await startReceiver(answers(200));
    await report({ status: 'accepted', run: '1' }, secret, server.url);
    expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({ request: id, status: 'accepted', run: '1' });
    await expect(report({ status: 'failed' }, 'whsec_AAAA')).rejects.toMatchObject({
      stdout: expect.stringContaining('signature'),
    });
  });
});
