/**
 * The stand-in server as a process: chDB has one data folder a process, and a server must be able to die alone.
 * Arguments: data folder, port, user, password. Started by clickhouse-server.ts.
 */
import { openChdb } from './chdb-engine.ts';
import { createClickHouseServer } from './clickhouse-http.ts';

const [path = '', port = '', user = '', password = ''] = process.argv.slice(2);
const engine = await openChdb(path);
const server = createClickHouseServer(engine, { user, password });
server.listen(Number(port), '127.0.0.1');

process.once('SIGTERM', () => {
  // Running statements finish. Connections that clients keep open would hold the server up, so they go as they idle.
  setInterval(() => server.closeIdleConnections(), 20);
  server.close(() => {
    engine.close();
    process.exit(0);
  });
});
