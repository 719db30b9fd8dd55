/**
 * driftd with an embedded store that can be spoiled from outside: the file `<configuration>.mode` says how.
 * Arguments: those of `driftd run --config FILE`. Started by daemon-group.ts.
 */
import { runDaemon } from '../../src/app.ts';
import { systemClock } from '../../src/base/clock.ts';
import { processOutput } from '../../src/cli/output.ts';
import { readSources, settingsFrom } from '../../src/config/sources.ts';
import { openStore } from '../../src/store/client.ts';
import { spoiledStore } from './spoiled-store.ts';

const file = process.argv.at(-1) ?? '';
const { config, groups } = settingsFrom(await readSources(file, process.env));
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort(new Error('SIGTERM')));
await runDaemon({
  config,
  groups,
  clock: systemClock,
  logger: processOutput().logger(config.log.level),
  signal: stop.signal,
  version: 'test',
  openStore: async (options) => spoiledStore(await openStore(options), `${file}.mode`),
});
process.exit(0);
