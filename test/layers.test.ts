import { execFile } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';

const REPOSITORY = fileURLToPath(new URL('../', import.meta.url));
const MAX_LINES = 400;

interface Cruise {
  /** Modules of src that were looked at. */
  readonly seen: number;
  /** `rule: from -> to`, one for each fault. */
  readonly violations: readonly string[];
}

/** Runs dependency-cruiser with the repository's rules over the src folder of `root`. */
async function cruise(root: string): Promise<Cruise> {
  const program = join(REPOSITORY, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const config = join(REPOSITORY, '.dependency-cruiser.cjs');
  const output = await new Promise<string>((resolve, reject) => {
    const args = [program, '--config', config, '--output-type', 'json', 'src'];
    execFile(process.execPath, args, { cwd: root, maxBuffer: 256 * 1024 * 1024 }, (error, stdout) =>
      stdout === '' ? reject(error) : resolve(stdout),
    );
  });
  const { modules, summary } = JSON.parse(output) as {
    modules: { source: string }[];
    summary: { violations: { rule: { name: string }; from: string; to: string }[] };
  };
  return {
    seen: modules.filter((module) => module.source.startsWith('src/')).length,
    violations: summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`),
  };
}

function sourceFiles(): string[] {
  return readdirSync(join(REPOSITORY, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(REPOSITORY, 'src', file));
}

/** A tiny repository with the given files under src. */
function repositoryWith(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'driftd-layers-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const name of ['package.json', 'tsconfig.json'])
    copyFileSync(join(REPOSITORY, name), join(root, name));
  for (const [name, text] of Object.entries(files)) {
    const file = join(root, 'src', name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return root;
}

describe('the source tree', () => {
  it('keeps to the layers, in every file', async () => {
    const { seen, violations } = await cruise(REPOSITORY);
    expect(violations).toEqual([]);
    expect(seen).toBeGreaterThan(0);
    expect(seen).toBeGreaterThanOrEqual(sourceFiles().length);
  });

  it(`has no file of more than ${MAX_LINES} lines`, () => {
    const long = sourceFiles().filter(
      (file) => readFileSync(file, 'utf8').split('\n').length - 1 > MAX_LINES,
    );
    expect(long).toEqual([]);
  });
});

describe('the rules about layers', () => {
  const target = 'export const value = 1;\n';

  it('let a file import its own folder, the folders left of it and packages', async () => {
    const root = repositoryWith({
      'stats/mean.ts': target,
      'base/clock.ts': target,
      'store/table.ts':
        "import { value } from './row.ts';\nimport '../base/clock.ts';\nexport const v = value;\n",
      'store/row.ts': "export { value } from '../stats/mean.ts';\n",
      'config/load.ts': "import { readFile } from 'node:fs/promises';\nexport const load = readFile;\n",
      'app.ts': "import './config/load.ts';\nimport './store/table.ts';\n",
      'cli/run.ts': "import '../app.ts';\nimport '../config/load.ts';\n",
      'main.ts': "import './cli/run.ts';\n",
    });
    expect(await cruise(root)).toEqual({ seen: 8, violations: [] });
  });

  it('refuse everything else, type imports included', async () => {
    const faults = [
      ['layer-stats', 'stats/mean.ts', 'base/clock.ts'],
      ['stats-stands-alone', 'stats/mean.ts', 'base/clock.ts'],
      ['base-stands-alone', 'base/retry.ts', 'stats/median.ts'],
      ['layer-rules', 'rules/alert.ts', 'store/table.ts'],
      ['layer-store', 'store/outbox.ts', 'notify/slack.ts'],
      ['layer-ingest', 'ingest/kafka.ts', 'decode/json.ts'],
      ['layer-pipeline', 'pipeline/ingest.ts', 'app.ts'],
      ['layer-http', 'http/page.ts', 'config/load.ts'],
      ['layer-app', 'app.ts', 'cli/run.ts'],
      ['layer-cli', 'cli/check.ts', 'main.ts'],
      ['known-layer', 'utils/all.ts', 'stats/median.ts'],
    ] as const;
    const thing = 'export interface Thing { readonly value: number }\n';
    const files = new Map<string, string>(faults.map(([, , to]) => [to, thing]));
    for (const [, from, to] of faults) {
      const path = `${'../'.repeat(from.split('/').length - 1) || './'}${to}`;
      files.set(from, `import type { Thing } from '${path}';\nexport type Other = Thing;\n${thing}`);
    }
    files.set('decode/a.ts', "export * from './b.ts';\n");
    files.set('decode/b.ts', "export * from './a.ts';\n");
    files.set(
      'metrics/load.ts',
      "import { readFile } from 'node:fs/promises';\nexport const load = readFile;\n",
    );
    files.set('profile/grid.ts', "import './missing.ts';\n");

    const { violations } = await cruise(repositoryWith(Object.fromEntries(files)));

    const expected = faults.map(([rule, from, to]) => `${rule}: src/${from} -> src/${to}`);
    expected.push('pure-core: src/metrics/load.ts -> fs/promises');
    expected.push('resolvable: src/profile/grid.ts -> ./missing.ts');
    const cycles = violations.filter((violation) => violation.startsWith('no-circular: src/decode/'));
    expect(cycles).not.toEqual([]);
    const others = violations.filter((violation) => !cycles.includes(violation));
    expect(others.sort()).toEqual(expected.sort());
  });
});
