import { Registry } from 'prom-client';
import { onTestFinished } from 'vitest';
import { originsOf } from '../../src/http/cross-site.ts';
import { type HttpPorts, startHttp } from '../../src/http/server.ts';
import { MemorySuppressions } from '../pipeline/memory-suppressions.ts';

export interface ApiServer {
  readonly url: string;
  readonly memory: MemorySuppressions;
  /** What was changed, in words. */
  readonly changes: string[];
}

/** driftd's HTTP server alone, with silences in memory. It ends with the test. */
export async function startApi(now: number, ports: Partial<HttpPorts> = {}): Promise<ApiServer> {
  const memory = new MemorySuppressions(now);
  const suppressions = memory.process();
  const changes: string[] = [];
  let origins: readonly string[] = [];
  const server = await startHttp(
    { host: '127.0.0.1', port: 0 },
    {
      registry: new Registry(),
      readiness: () => ({ ready: true, checks: {} }),
      alerts: () => ({ alerts: [] }),
      groups: () => ({ groups: [] }),
      status: () => ({}),
      notifications: async () => ({ notifications: [] }),
      errorStreams: async () => ({ models: [] }),
      weakestSegments: async () => ({}),
      page: async () => '',
      reload: undefined,
      suppression: {
        clock: { now: () => memory.now },
        suppressions: () => suppressions,
        ownOrigins: () => origins,
        onChange: (what) => void changes.push(what),
      },
      retrain: {
        clock: { now: () => memory.now },
        desk: () => undefined,
        targets: () => [],
        ownOrigins: () => origins,
      },
      ...ports,
    },
  );
  onTestFinished(() => server.close());
  origins = originsOf(server.port, undefined);
  return { url: `http://127.0.0.1:${server.port}`, memory, changes };
}
