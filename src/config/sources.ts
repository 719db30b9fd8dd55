import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { DriftdError } from '../base/errors.ts';
import { formatFault } from '../base/fault.ts';
import { loadRules, type RuleFileText } from '../rules/load-rules.ts';
import type { RuleGroup } from '../rules/rule.ts';
import { configLoader, type Environment } from './load.ts';
import { readRuleFiles } from './rule-files.ts';
import type { Config } from './schema.ts';

/** All that a daemon is told by its files, as they are at one moment. */
export interface Sources {
  readonly config: Config;
  readonly rules: readonly RuleFileText[];
  /** Another one whenever anything in those files is, what they name included. */
  readonly digest: string;
}

/** The same, with its rules checked. */
export interface Settings {
  readonly config: Config;
  readonly groups: readonly RuleGroup[];
}

/** Reads the configuration and its rule files. Throws an `input` error that lists every fault of the configuration. */
export function readSources(configFile: string, environment: Environment): Promise<Sources> {
  return sourceReader(configFile, environment)();
}

/** Reads them again and again, and gives the same as before while all the files say the same. */
export function sourceReader(configFile: string, environment: Environment): () => Promise<Sources> {
  const load = configLoader(configFile, environment);
  let last: Sources | undefined;
  return async () => {
    const config = await load();
    const rules = await readRuleFiles(config, configFile);
    if (last?.config === config && isDeepStrictEqual(last.rules, rules)) return last;
    const digest = createHash('sha256')
      .update(JSON.stringify([config, rules]))
      .digest('hex');
    last = { config, rules, digest };
    return last;
  };
}

/** Checks the rules. Throws an `input` error that lists every fault in them. */
export function settingsFrom({ config, rules }: Sources): Settings {
  const known = { retrainTargets: config.retraining.map(({ name }) => name) };
  const { groups, faults } = loadRules(rules, known);
  if (faults.length > 0) throw new DriftdError('input', faults.map(formatFault).join('\n'));
  return { config, groups };
}
