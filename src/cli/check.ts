import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { DriftdError, messageOf } from '../base/errors.ts';
import { type Fault, formatFault } from '../base/fault.ts';
import { readYaml } from '../base/yaml-document.ts';
import { checkConfig } from '../config/load.ts';
import { readRuleFiles } from '../config/rule-files.ts';
import { loadRules, type RuleFileText } from '../rules/load-rules.ts';
import type { CommandContext } from './context.ts';
import { textOrJson } from './format-option.ts';

export function addCheck(program: Command, { output, environment }: CommandContext): void {
  program
    .command('check')
    .description('check configuration and rule files; exit 1 with file:line:column messages')
    .argument('<files...>', 'driftd.yaml and rule files, in any order')
    .option('--format <format>', 'text or json', textOrJson, 'text')
    .action(async (files: string[], { format }: { format: 'text' | 'json' }) => {
      const { faults, checked } = await checkFiles(files, environment);
      if (format === 'json') output.print(JSON.stringify({ files: checked, faults }));
      else {
        for (const fault of faults) output.print(formatFault(fault));
        if (faults.length === 0)
          output.print(`${checked.length} file${checked.length === 1 ? '' : 's'} checked, no fault`);
      }
      if (faults.length > 0) {
        throw new DriftdError('input', `${faults.length} fault${faults.length === 1 ? '' : 's'} found`);
      }
    });
}

async function checkFiles(
  files: readonly string[],
  environment: CommandContext['environment'],
): Promise<{ faults: Fault[]; checked: string[] }> {
  const faults: Fault[] = [];
  const rules = new Map<string, RuleFileText>();
  const targets = new Set<string>();
  let configured = false;
  for (const file of files) {
    const text = await read(file);
    if (isRuleFile(file, text)) {
      rules.set(resolve(file), { file, text });
      continue;
    }
    configured = true;
    const { config, faults: found } = checkConfig(file, text, environment);
    faults.push(...found);
    if (config === undefined) continue;
    for (const { name } of config.retraining) targets.add(name);
    for (const rule of await readRuleFiles(config, file)) {
      if (!rules.has(resolve(rule.file))) rules.set(resolve(rule.file), rule);
    }
  }
  const texts = [...rules.values()];
  const loaded = loadRules(texts, {
    // Rules that are checked alone may name any target: only a configuration says which there are.
    ...(configured && { retrainTargets: [...targets] }),
  });
  faults.push(...loaded.faults);
  return {
    faults,
    checked: [...files, ...texts.map(({ file }) => file)].filter((file, i, all) => all.indexOf(file) === i),
  };
}

/** Rule files have groups at the top; everything else is taken for a configuration. */
function isRuleFile(file: string, text: string): boolean {
  const { value } = readYaml(file, text);
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'groups');
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new DriftdError('input', `cannot read ${file}: ${messageOf(error)}`, { cause: error });
  }
}
