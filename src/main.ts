#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { processOutput } from './cli/output.ts';
import { runCommand } from './cli/program.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
// Whoever reads our output may stop reading (driftd replay ... | head -1).
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));
const stop = new AbortController();
for (const name of ['SIGTERM', 'SIGINT'] as const) {
  process.on(name, () => {
    // A second one means it.
    if (stop.signal.aborted) process.exit(130);
    stop.abort(new Error(name));
  });
}
const code = await runCommand(process.argv.slice(2), {
  output: processOutput(),
  environment: process.env,
  signal: stop.signal,
  version,
});
// Whatever is still open (a socket that hangs, an engine's thread) must not keep a finished process alive.
process.stdout.write('', () => process.exit(code));
