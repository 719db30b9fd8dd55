import { z } from 'zod';
import { httpConfigSchema, httpPost } from '../http-config.ts';
import { outcomeOf, type PostResult } from '../http-post.ts';
import { baseUrl, below } from '../option-schemas.ts';
import { type ParameterLimits, parametersOf, parametersSchema } from '../retrain-parameters.ts';
import { retrainingTarget, runName } from '../retraining-target.ts';
import type { SendOutcome } from '../send-outcome.ts';

/** A workflow with all its parameters is one object of Kubernetes, and may have 1 MiB. */
const LIMITS: ParameterLimits = { text: 4_000, request: 32 * 1024 };

const kubernetesName = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, 'must be a name as Kubernetes takes it');

/**
 * A WorkflowTemplate of Argo Workflows, submitted to its server
 * (https://argo-workflows.readthedocs.io/en/latest/rest-api/). The workflow is named after the request, so one that is there
 * already (409) is the one that was asked for.
 */
export const argoWorkflows = retrainingTarget({
  options: z
    .strictObject({
      url: baseUrl.describe('The Argo server, such as https://argo-server.argo:2746.'),
      namespace: kubernetesName.describe('Namespace of the template and of its workflows.'),
      template: kubernetesName.describe('The template to submit.'),
      cluster_scope: z
        .boolean()
        .default(false)
        .describe('Whether the template is a ClusterWorkflowTemplate.'),
      parameters: parametersSchema(50),
      http_config: httpConfigSchema,
    })
    .describe('Submits a WorkflowTemplate of Argo Workflows.'),
  connect: (config, { http }) => {
    const post = httpPost(config.http_config, http);
    const url = below(config.url, 'api', 'v1', 'workflows', config.namespace, 'submit');
    return async (request, signal) => {
      const parameters = Object.entries(parametersOf(request, config.parameters, LIMITS));
      const body = JSON.stringify({
        namespace: config.namespace,
        resourceKind: config.cluster_scope ? 'ClusterWorkflowTemplate' : 'WorkflowTemplate',
        resourceName: config.template,
        submitOptions: {
          name: runName(request),
          labels: `driftd/request=${request.id}`,
          parameters: parameters.map(([name, value]) => `${name}=${value}`),
        },
      });
      return outcomeOfArgo(await post({ url, body }, signal));
    };
  },
});

function outcomeOfArgo(result: PostResult): SendOutcome {
  if (result.kind === 'answered' && result.status === 409)
    return { kind: 'sent', answer: 'answered 409: the workflow is there already' };
  return outcomeOf(result);
}
