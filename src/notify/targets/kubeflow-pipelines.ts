import { z } from 'zod';
import { httpConfigSchema, httpPost } from '../http-config.ts';
import { outcomeOf, type PostResult } from '../http-post.ts';
import { baseUrl, below } from '../option-schemas.ts';
import { type ParameterLimits, parametersOf, parametersSchema, reasonOf } from '../retrain-parameters.ts';
import { retrainingTarget, runName } from '../retraining-target.ts';

const LIMITS: ParameterLimits = { text: 4_000, request: 32 * 1024 };

/**
 * A pipeline of Kubeflow Pipelines, by its API v2beta1
 * (https://www.kubeflow.org/docs/components/pipelines/reference/api/kubeflow-pipeline-api-spec/). It has no idempotency key and
 * takes two runs of one name, so a run of this name is looked for before one is made.
 */
export const kubeflowPipelines = retrainingTarget({
  options: z
    .strictObject({
      url: baseUrl.describe('Base URL of the API, such as https://kubeflow.example.com/pipeline.'),
      pipeline_id: z.string().min(1).describe('The pipeline to run.'),
      pipeline_version_id: z
        .string()
        .min(1)
        .optional()
        .describe('The version of the pipeline. Default: the newest.'),
      experiment_id: z
        .string()
        .min(1)
        .optional()
        .describe(
          'The experiment to run it in. Default: the default experiment. Required where Kubeflow serves several users.',
        ),
      service_account: z
        .string()
        .min(1)
        .optional()
        .describe('The Kubernetes service account that the run has.'),
      parameters: parametersSchema(50),
      http_config: httpConfigSchema,
    })
    .describe('Runs a pipeline of Kubeflow Pipelines 2.'),
  connect: (config, { http }) => {
    const post = httpPost(config.http_config, http);
    const url = below(config.url, 'apis', 'v2beta1', 'runs');
    return async (request, signal) => {
      const name = runName(request);
      const found = await post(
        { url: `${url}?${lookUp(name, config.experiment_id)}`, body: undefined },
        signal,
      );
      const outcome = outcomeOf(found);
      if (found.kind === 'failed') return outcome;
      if (outcome.kind !== 'sent') return { ...outcome, reason: `${outcome.reason} to the look for the run` };
      if (hasRun(found)) return { kind: 'sent', answer: 'the run is there already' };
      const body = JSON.stringify({
        display_name: name,
        description: reasonOf(request),
        ...(config.experiment_id !== undefined && { experiment_id: config.experiment_id }),
        ...(config.service_account !== undefined && { service_account: config.service_account }),
        pipeline_version_reference: {
          pipeline_id: config.pipeline_id,
          ...(config.pipeline_version_id !== undefined && {
            pipeline_version_id: config.pipeline_version_id,
          }),
        },
        runtime_config: { parameters: parametersOf(request, config.parameters, LIMITS) },
      });
      return outcomeOf(await post({ url, body }, signal));
    };
  },
});

function lookUp(name: string, experiment: string | undefined): string {
  const filter = { predicates: [{ operation: 'EQUALS', key: 'name', string_value: name }] };
  return new URLSearchParams({
    page_size: '1',
    filter: JSON.stringify(filter),
    ...(experiment !== undefined && { experiment_id: experiment }),
  }).toString();
}

/** A run brings its whole pipeline along, of which the start is read. */
function hasRun(found: PostResult): boolean {
  return found.kind === 'answered' && /"runs"\s*:\s*\[\s*\{/.test(found.body);
}
