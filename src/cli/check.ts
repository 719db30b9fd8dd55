import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { DriftdError, messageOf } from '../base/errors.ts';
import { type Fault, formatFault } from '../base/fault.ts';
import { readYaml } from '../base/yaml-document.ts';
import { knownModels, lintConfig } from '../config/lint.ts';
import { checkConfig } from '../config/load.ts';
import { readRuleFiles } from '../config/rule-files.ts';
import type { Config } from '../config/schema.ts';
import { lintRules } from '../rules/lint/lint-rules.ts';
import { loadRules, type RuleFileText } from '../rules/load-rules.ts';
import type { CommandContext } from './context.ts';
import { textOrJson } from './format-option.ts';

interface CheckFlags {
  readonly format: 'text' | 'json';
  readonly strict: boolean;
}

export function addCheck(program: Command, { output, environment }: CommandContext): void {
  program
    .command('check')
    .description('check configuration and rule files; exit 1 with file:line:column messages')
    .argument('<files...>', 'driftd.yaml and rule files, in any order')
    .option('--format <format>', 'text or json', textOrJson, 'text')
    .option('--strict', 'take warnings for faults', false)
    .action(async (files: string[], { format, strict }: CheckFlags) => {
      const { faults, warnings, checked } = await checkFiles(files, environment);
      if (format === 'json') output.print(JSON.stringify({ files: checked, faults, warnings }));
      else {
        for (const fault of faults) output.print(formatFault(fault));
        for (const { message, ...place } of warnings)
          output.print(formatFault({ ...place, message: `warning: ${message}` }));
        if (faults.length === 0) {
          const told =
            warnings.length === 0 ? 'no fault' : `no fault, ${counted(warnings.length, 'warning')}`;
          output.print(`${counted(checked.length, 'file')} checked, ${told}`);
        }
      }
      if (faults.length > 0) throw new DriftdError('input', `${counted(faults.length, 'fault')} found`);
      if (strict && warnings.length > 0)
        throw new DriftdError('input', `${counted(warnings.length, 'warning')} found, and --strict`);
    });
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

interface Findings {
  readonly faults: readonly Fault[];
  /** What is no fault and yet hardly meant. */
  readonly warnings: readonly Fault[];
  readonly checked: readonly string[];
}

async function checkFiles(
  files: readonly string[],
  environment: CommandContext['environment'],
): Promise<Findings> {
  const faults: Fault[] = [];
  const warnings: Fault[] = [];
  const rules = new Map<string, RuleFileText>();
  const configs: Array<{ readonly file: string; readonly text: string; readonly config: Config }> = [];
  let configured = 0;
  for (const file of files) {
    const text = await read(file);
    if (isRuleFile(file, text)) {
      rules.set(resolve(file), { file, text });
      continue;
    }
    configured += 1;
    const { config, faults: found } = checkConfig(file, text, environment);
    faults.push(...found);
    if (config === undefined) continue;
    configs.push({ file, text, config });
    for (const rule of await readRuleFiles(config, file)) {
      if (!rules.has(resolve(rule.file))) rules.set(resolve(rule.file), rule);
    }
  }
  const texts = [...rules.values()];
  // Rules that are checked alone may name anything: only a configuration says what there is, and only one without faults.
  const retrainTargets = configs.flatMap(({ config }) => config.retraining.map(({ name }) => name));
  const loaded = loadRules(texts, {
    ...(configured > 0 && configs.length === configured && { retrainTargets }),
  });
  faults.push(...loaded.faults);
  const rulesInForce = loaded.groups.flatMap((group) => group.rules);
  const asked = new Set(rulesInForce.flatMap(({ retrain }) => retrain ?? []));
  for (const { file, text, config } of configs) warnings.push(...lintConfig(file, text, config, asked));
  const models = configs.map(({ config }) => knownModels(config));
  warnings.push(
    ...lintRules(
      texts,
      models.length === 0
        ? undefined
        : {
            names: models.flatMap(({ names }) => names),
            others: models.some(({ others }) => others),
            segmented: models.flatMap(({ segmented }) => segmented),
          },
    ),
  );
  const all = [...files, ...texts.map(({ file }) => file)];
  return { faults, warnings, checked: all.filter((file, i) => all.indexOf(file) === i) };
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
