import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readingQuery, type TableFiles, writeTable } from './compare-files.ts';

const ROOT = join(import.meta.dirname, '..');
const READER = fileURLToPath(new URL('./read-with-engine.ts', import.meta.url));

interface Cost {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
}

/**
 * `driftd compare` on large files, beside the time in which the embedded engine merely reads every value of the same two
 * files; each in a process of its own. Two sizes show whether memory grows with the rows.
 */
export async function compareBench([millions = '1']: readonly string[] = []): Promise<void> {
  const most = Math.round(Number(millions) * 1_000_000);
  console.log(
    `25 columns, Node ${process.versions.node}, ${availableParallelism()} cores (${cpus()[0]?.model ?? '?'})\n`,
  );
  console.log(
    '| rows in each file | format | engine reads both, s | compare, s | ratio | CPU ratio | compare, peak MB |',
  );
  console.log('| ---: | --- | ---: | ---: | ---: | ---: | ---: |');
  for (const rows of [most / 4, most]) {
    const folder = await mkdtemp(join(tmpdir(), 'driftd-bench-'));
    try {
      const reference = await writeTable(folder, { name: 'reference', rows, seed: 1 });
      const current = await writeTable(folder, { name: 'current', rows, seed: 2 });
      for (const format of ['parquet', 'csv'] as const) console.log(await row(reference, current, format));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

async function row(reference: TableFiles, current: TableFiles, format: 'csv' | 'parquet'): Promise<string> {
  const queries = [reference, current].map((table) => readingQuery(table[format], table));
  const engine = await costOf([READER, ...queries]);
  const compare = await costOf([
    join(ROOT, 'src/main.ts'),
    ...['compare', '--reference', reference[format], '--current', current[format], '--format', 'json'],
  ]);
  const cells = [
    reference.rows.toLocaleString('en'),
    format,
    engine.seconds.toFixed(1),
    compare.seconds.toFixed(1),
    (compare.seconds / engine.seconds).toFixed(1),
    (compare.cpuSeconds / engine.cpuSeconds).toFixed(1),
    compare.peakMegabytes.toFixed(0),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Runs a script of ours and looks at its memory until it ends. Exit code 3 of `compare` is a finding and no failure. */
async function costOf(args: readonly string[]): Promise<Cost> {
  const begun = performance.now();
  const child = spawn(process.execPath, ['--import', 'tsx', ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('exit', resolve);
    child.once('error', reject);
  });
  let peak = 0;
  let ticks = 0;
  let running = true;
  const watch = (async () => {
    while (running) {
      const [status, stat] = await Promise.all(
        ['status', 'stat'].map((file) => readFile(`/proc/${child.pid}/${file}`, 'utf8').catch(() => '')),
      );
      peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status ?? '')?.[1] ?? 0));
      // After the command's name, in parentheses: fields 14 and 15 are the ticks in user and in system mode.
      const fields = (stat ?? '').slice((stat ?? '').lastIndexOf(')') + 2).split(' ');
      ticks = Math.max(ticks, Number(fields[11] ?? 0) + Number(fields[12] ?? 0));
      await sleep(20);
    }
  })();
  const code = await ended;
  const seconds = (performance.now() - begun) / 1000;
  running = false;
  await watch;
  if (code !== 0 && code !== 3) throw new Error(`exit code ${code} of ${args.join(' ').slice(0, 200)}`);
  return { seconds, cpuSeconds: ticks / 100, peakMegabytes: peak / 1024 };
}
