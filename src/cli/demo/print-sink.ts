import { once } from 'node:events';
import type { CommandContext } from '../context.ts';
import { startSink } from './sink.ts';

/** Runs the sink until it is stopped, printing what comes in. */
export async function printSink(
  flags: { readonly host: string; readonly port: number; readonly secret?: string },
  { output, environment, signal }: CommandContext,
): Promise<void> {
  const secret = flags.secret ?? environment['DRIFTD_RETRAINING_SECRET'];
  const sink = await startSink({
    host: flags.host,
    port: flags.port,
    ...(secret !== undefined && { secret }),
    onRequest: ({ path, body, signed }) => {
      const signature = signed === undefined ? '' : signed ? ' (signature valid)' : ' (SIGNATURE WRONG)';
      output.print(`${new Date().toISOString()}  POST ${path}${signature}\n${pretty(body)}`);
    },
  });
  output.print(`listening on ${sink.url}`);
  if (!signal.aborted) await once(signal, 'abort');
  await sink.close();
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
