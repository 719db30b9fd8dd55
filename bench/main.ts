/**
 * Benchmarks of driftd: nothing is asserted, numbers are printed.
 *
 * Usage: npm run bench [-- NAME]
 */
import { pipelineBench } from './pipeline.ts';

const BENCHES: ReadonlyMap<string, () => Promise<void>> = new Map([['pipeline', pipelineBench]]);

const [name = 'pipeline'] = process.argv.slice(2);
const bench = BENCHES.get(name);
if (bench === undefined) {
  console.error(`there is no bench "${name}"; there are: ${[...BENCHES.keys()].join(', ')}`);
  process.exitCode = 1;
} else {
  await bench();
}
