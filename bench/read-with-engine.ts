/** Reads with the embedded engine: one query an argument, the results thrown away. A process of its own for `bench -- compare`. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@clickhouse/client';
import { createChdbConnection } from 'chdb/connection';

const folder = await mkdtemp(join(tmpdir(), 'driftd-engine-'));
try {
  // Its types are of its own copy of the client's declarations.
  const connection = createChdbConnection({ path: folder }) as never;
  const client = createClient({ connection });
  for (const query of process.argv.slice(2)) {
    await (await client.query({ query, format: 'JSONEachRow' })).text();
  }
  await client.close();
} finally {
  await rm(folder, { recursive: true, force: true });
}
