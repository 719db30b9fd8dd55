import { changeDetectorPolicy } from '../metrics/change-detector-options.ts';
import { DEFAULT_LABELS, type ModelPolicies, type ModelPolicy } from '../pipeline/model-policy.ts';
import type { Config, ModelConfig } from './schema.ts';

/** What the configuration says of each model, with the defaults for models that it does not list. */
export function modelPolicies(config: Config): ModelPolicies {
  const known = new Map(
    Object.entries(config.models).map(([name, model]) => [name, policyOf(model, config)] as const),
  );
  const unlisted = policyOf(undefined, config);
  return (model) => known.get(model) ?? unlisted;
}

function policyOf(model: ModelConfig | undefined, config: Config): ModelPolicy {
  // Where a topic of labels is read, every model may have some.
  const labels =
    model?.labels === undefined
      ? config.kafka?.labels && DEFAULT_LABELS
      : {
          delay: model.labels.delay,
          horizon: model.labels.horizon,
          matureCoverage: model.labels.mature_coverage,
        };
  return {
    pane: model?.pane ?? 300_000,
    learn: model?.learn ?? 5_000,
    labels,
    task: model?.task ?? 'classification',
    positive: model?.positive,
    threshold: model?.threshold ?? 0.5,
    changeDetectors: changeDetectorPolicy(model?.change_detectors),
    kinds: {
      numeric: new Set(model?.numeric),
      categorical: new Set(model?.categorical),
      text: new Set(model?.text),
      embedding: new Set(model?.embedding),
    },
    multivariate: model?.multivariate ?? true,
    segments: model?.segments ?? [],
  };
}
