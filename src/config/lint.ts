import type { Fault } from '../base/fault.ts';
import { readYaml } from '../base/yaml-document.ts';
import type { OptionFault } from '../notify/option-references.ts';
import { unusedReceivers } from '../notify/unused-receivers.ts';
import { unusedTargets } from '../notify/unused-targets.ts';
import type { KnownModels } from '../rules/lint/lint-rules.ts';
import { configJsonSchema } from './load.ts';
import { plainSecrets } from './plain-secrets.ts';
import type { Config } from './schema.ts';

/**
 * Finds what is no fault of a configuration and yet hardly meant.
 *
 * @param asked the retraining targets that rules ask.
 */
export function lintConfig(file: string, text: string, config: Config, asked: ReadonlySet<string>): Fault[] {
  const document = readYaml(file, text);
  const found = [
    ...unusedReceivers(config),
    ...unusedTargets(config.retraining, asked),
    ...callbacksToNowhere(config),
    ...plainSecrets(document.value, configJsonSchema()),
  ];
  return found.map(({ path, message }) => document.faultAt(path, message));
}

/** Without an address of its own driftd names the one that it listens on. */
function callbacksToNowhere({ retraining, http }: Config): OptionFault[] {
  if (http.external_url !== undefined) return [];
  return retraining.flatMap(({ callback_secret: secret }, index) =>
    secret === undefined
      ? []
      : [
          {
            path: ['retraining', index, 'name'],
            message: `this target is told to report to http://${http.host}:${http.port}; set http.external_url`,
          },
        ],
  );
}

/** What a configuration says of the models that rules may be about. */
export function knownModels({ models, ingest }: Config): KnownModels {
  return {
    names: Object.keys(models),
    others: ingest.unknown_models === 'accept',
    segmented: Object.keys(models).filter((name) => (models[name]?.segments ?? []).length > 0),
  };
}
