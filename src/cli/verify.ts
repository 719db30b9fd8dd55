import { type Command, InvalidArgumentError } from 'commander';
import { systemClock } from '../base/clock.ts';
import { DriftdError } from '../base/errors.ts';
import { loadConfig } from '../config/load.ts';
import { type Finding, findFaults } from '../pipeline/verify-chunks.ts';
import { type ChunkProgress, chunkProfiles, chunkProgress } from '../store/chunk-audit.ts';
import { openStore, type Store } from '../store/client.ts';
import type { CommandContext } from './context.ts';

interface VerifyFlags {
  readonly config: string;
  readonly format: 'text' | 'json';
  readonly allowKnownGaps: boolean;
}

export function addVerify(
  program: Command,
  { output, environment }: CommandContext,
  onFound: () => void,
): void {
  program
    .command('verify')
    .description('check on a store that every offset is counted once; exit code 3 when one is not')
    .requiredOption('--config <file>', 'configuration file')
    .option('--format <format>', 'text or json', formatOf, 'text')
    .option('--allow-known-gaps', 'exit with 0 for gaps that driftd noticed when they came about', false)
    .action(async ({ config: file, format, allowKnownGaps }: VerifyFlags) => {
      const config = await loadConfig(file, environment);
      const store = await openStore(config.store);
      try {
        const { chunks, findings } = await audit(store);
        if (findings.some(({ certain, kind }) => certain && !(allowKnownGaps && kind === 'known_gap')))
          onFound();
        const about = { database: store.database, partitions: partitionsIn(chunks), chunks: chunks.length };
        if (format === 'json') output.print(JSON.stringify({ ...about, findings }));
        else {
          for (const finding of findings) output.print(lineOf(finding));
          output.print(
            `${store.location}: ${about.chunks} chunks of ${about.partitions} partitions checked, ${summaryOf(findings)}`,
          );
        }
      } finally {
        await store.close();
      }
    });
}

function formatOf(text: string): 'text' | 'json' {
  if (text === 'text' || text === 'json') return text;
  throw new InvalidArgumentError('Expected text or json.');
}

async function audit(store: Store): Promise<{ chunks: readonly ChunkProgress[]; findings: Finding[] }> {
  try {
    // In this order: a chunk that progress knows to be done has all its profiles.
    const chunks = await chunkProgress(store);
    const profiles = await chunkProfiles(store);
    return { chunks, findings: findFaults(chunks, profiles, systemClock.now()) };
  } catch (error) {
    // A table or a column that is not there.
    if (!(error instanceof DriftdError) || error.code !== 'defect') throw error;
    throw new DriftdError(
      'environment',
      `${error.message}\nIs the database ${store.database} one of driftd, and up to date? "driftd migrate" makes it so`,
      { cause: error },
    );
  }
}

function partitionsIn(chunks: readonly ChunkProgress[]): number {
  return new Set(chunks.map(({ topic, partition }) => `${topic}/${partition}`)).size;
}

function lineOf({ kind, certain, topic, partition, from, to, message, action }: Finding): string {
  const doubt = certain ? '' : ' (possible)';
  return `${topic}/${partition} ${from}..${to - 1} ${kind}${doubt}: ${message}\n    ${action}`;
}

function summaryOf(findings: readonly Finding[]): string {
  const known = findings.filter(({ kind }) => kind === 'known_gap').length;
  const possible = findings.filter(({ certain }) => !certain).length;
  const faults = findings.length - known - possible;
  return `${count(faults, 'fault')}, ${count(known, 'known gap')}, ${count(possible, 'possible hole')}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
