/**
 * Benchmarks of driftd: nothing is asserted, numbers are printed.
 *
 * Usage: npm run bench [-- NAME [ARGS]]
 */
import { changesBench } from './changes.ts';
import { compareBench } from './compare.ts';
import { decodeBench } from './decode.ts';
import { detectionBench } from './detection/detection.ts';
import { idleBench } from './idle.ts';
import { ingestBench } from './ingest/ingest.ts';
import { labelsBench } from './labels.ts';
import { pipelineBench } from './pipeline.ts';
import { restartBench } from './restart.ts';
import { rulesBench } from './rules.ts';
import { segmentsBench } from './segments.ts';

const BENCHES: ReadonlyMap<string, (args: readonly string[]) => Promise<void>> = new Map([
  ['pipeline', pipelineBench],
  ['decode', decodeBench],
  ['detection', detectionBench],
  ['changes', changesBench],
  ['compare', compareBench],
  ['ingest', ingestBench],
  ['restart', restartBench],
  ['idle', idleBench],
  ['rules', rulesBench],
  ['labels', labelsBench],
  ['segments', segmentsBench],
]);

const [name = 'pipeline', ...args] = process.argv.slice(2);
const bench = BENCHES.get(name);
if (bench === undefined) {
  console.error(`there is no bench "${name}"; there are: ${[...BENCHES.keys()].join(', ')}`);
  process.exitCode = 1;
} else {
  await bench(args);
}
