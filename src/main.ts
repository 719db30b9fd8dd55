#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { processOutput } from './cli/output.ts';
import { runCommand } from './cli/program.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
// Whoever reads our output may stop reading (driftd replay ... | head -1); a full disk is another matter.
const outputFailed = (error: NodeJS.ErrnoException): never => {
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`driftd: the output cannot be written: ${error.message}\n`);
  process.exit(2);
};
process.stdout.on('error', outputFailed);
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
  onHangup: (listener) => process.on('SIGHUP', listener),
});
// Whatever is still open (a socket that hangs, an engine's thread) must not keep a finished process alive.
process.stdout.write('', (error) => (error ? outputFailed(error) : process.exit(code)));
