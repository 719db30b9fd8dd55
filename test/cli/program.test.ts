import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import type { CommandContext } from '../../src/cli/context.ts';
import { createProgram } from '../../src/cli/program.ts';
import { runHere } from './recorder.ts';

it('ends with 0 for help and with 1 for a command that does not exist or lacks something', async () => {
  expect(await runHere(['baseline', 'create', '--help'])).toMatchObject({ code: 0, stderr: [] });
  expect(await runHere(['check'])).toMatchObject({
    code: 1,
    stderr: ["error: missing required argument 'files'", '(run "driftd --help" for all commands)'],
  });
  const misspelt = await runHere(['chekc', 'x']);
  expect(misspelt).toMatchObject({ code: 1 });
  expect(misspelt.stderr.join('\n')).toContain('Did you mean check?');
});

it('loads the command that is meant alone, and all where none is', async () => {
  const context = { version: '0.0.0' } as CommandContext;
  const names = async (only?: string) =>
    (await createProgram(context, undefined, only)).commands.map((command) => command.name());
  expect(await names('test')).toEqual(['test']);
  const all = await names();
  expect(all).toContain('run');
  expect(await names('--help')).toEqual(all);
  for (const name of all) expect(await names(name)).toEqual([name]);
});

it('ends with 1 when the configuration is not there', async () => {
  const ran = await runHere(['run', '--config', '/nowhere/driftd.yaml']);
  expect(ran).toMatchObject({ code: 1, stderr: [expect.stringContaining('cannot read the configuration')] });
});

it('accepts every command that docker-compose.yml gives to the image of driftd', async () => {
  const compose = parse(readFileSync(new URL('../../docker-compose.yml', import.meta.url), 'utf8'), {
    merge: true,
  }) as {
    services: Record<string, { image?: string; build?: unknown; command?: string | string[] }>;
  };
  const commands = Object.values(compose.services)
    .filter(({ build, image }) => build !== undefined || image?.startsWith('driftd'))
    .flatMap(({ command }) => (command === undefined ? [] : [command]));
  expect(commands.length).toBeGreaterThanOrEqual(2);
  for (const command of commands) {
    const argv = typeof command === 'string' ? command.split(/\s+/) : command;
    const program = await createProgram({ version: '0.0.0' } as CommandContext);
    let ran = false;
    for (const sub of flatten(program)) {
      sub.action(() => {
        ran = true;
      });
    }
    program.parse(argv, { from: 'user' });
    expect(ran, argv.join(' ')).toBe(true);
  }
});

function flatten(command: Command): Command[] {
  return [command, ...command.commands.flatMap((sub) => flatten(sub as Command))];
}
