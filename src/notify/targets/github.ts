import { z } from 'zod';
import type { Clock, Millis } from '../../base/clock.ts';
import { secret } from '../../base/file-option.ts';
import { tlsSchema } from '../../base/tls-options.ts';
import { outcomeOf, type PostResult } from '../http-post.ts';
import { baseUrl, below } from '../option-schemas.ts';
import { fittingData } from '../retrain-body.ts';
import { type ParameterLimits, parametersOf, parametersSchema } from '../retrain-parameters.ts';
import { retrainingTarget } from '../retraining-target.ts';
import type { SendOutcome } from '../send-outcome.ts';

/** All inputs together, and a client payload, may have 64 KiB. */
const LIMITS: ParameterLimits = { text: 1_000, request: 32 * 1024 };

/** Properties of a client payload, and inputs of a workflow as every GitHub server takes them. */
const MOST_PROPERTIES = 10;

const repositoryOptions = {
  repository: z
    .string()
    .regex(/^[\w.-]+\/[\w.-]+$/, 'must be owner/name')
    .describe('The repository, as owner/name.'),
  token: secret(z.string().min(1)),
  api_url: baseUrl
    .default('https://api.github.com')
    .describe('The REST API. Of GitHub Enterprise Server: https://HOST/api/v3.'),
  tls_config: tlsSchema.optional().describe('TLS with this server.'),
};

/** A workflow with the trigger `workflow_dispatch` (https://docs.github.com/rest/actions/workflows#create-a-workflow-dispatch-event). */
export const githubWorkflowDispatch = retrainingTarget({
  options: z
    .strictObject({
      ...repositoryOptions,
      token: repositoryOptions.token.describe(
        'A token that may write actions of the repository: fine-grained with "Actions: write", or a classic one with the scope repo.',
      ),
      workflow: z.string().min(1).describe('File name of the workflow, such as retrain.yml, or its id.'),
      ref: z.string().min(1).default('main').describe('Branch or tag whose workflow is run.'),
      inputs: parametersSchema(MOST_PROPERTIES),
    })
    .describe('Runs a workflow of GitHub Actions. GitHub refuses inputs that the workflow does not declare.'),
  connect: ({ repository, token, api_url: url, workflow, ref, inputs, tls_config: tls }, ports) => {
    const post = ports.http(tls);
    const [owner = '', name = ''] = repository.split('/');
    const address = below(url, 'repos', owner, name, 'actions', 'workflows', workflow, 'dispatches');
    return async (request, signal) => {
      const body = JSON.stringify({ ref, inputs: parametersOf(request, inputs, LIMITS) });
      const result = await post({ url: address, body, headers: headersWith(token) }, signal);
      return outcomeOfGithub(result, ports.clock);
    };
  },
});

/** An event `repository_dispatch` (https://docs.github.com/rest/repos/repos#create-a-repository-dispatch-event). */
export const githubRepositoryDispatch = retrainingTarget({
  options: z
    .strictObject({
      ...repositoryOptions,
      token: repositoryOptions.token.describe(
        'A token that may write contents of the repository: fine-grained with "Contents: write", or a classic one with the scope repo.',
      ),
      event_type: z
        .string()
        .min(1)
        .max(100)
        .default('driftd-retrain')
        .describe('The type that workflows are triggered by.'),
    })
    .describe(
      'Sends an event to a repository of GitHub; workflows on its default branch may be triggered by it.',
    ),
  connect: ({ repository, token, api_url: url, event_type: eventType, tls_config: tls }, ports) => {
    const post = ports.http(tls);
    const [owner = '', name = ''] = repository.split('/');
    return async (request, signal) => {
      const { id, model, version, baseline_id, training_period, callback_url, test, ...rest } = fittingData(
        request,
        LIMITS.request,
      );
      // As many properties as GitHub takes: what else there is stands in one of them.
      const payload = { id, model, version, baseline_id, training_period, callback_url, test, details: rest };
      const body = JSON.stringify({ event_type: eventType, client_payload: payload });
      const address = below(url, 'repos', owner, name, 'dispatches');
      return outcomeOfGithub(
        await post({ url: address, body, headers: headersWith(token) }, signal),
        ports.clock,
      );
    };
  },
});

function headersWith(token: string): Record<string, string> {
  return {
    accept: 'application/vnd.github+json',
    authorization: `Bearer ${token}`,
    'x-github-api-version': '2022-11-28',
  };
}

/** As GitHub advises where it does not say how long. */
const SECONDARY_LIMIT: Millis = 60_000;

/** GitHub answers 403, too, to those who ask too often; it says until when, or only that it is so. */
function outcomeOfGithub(result: PostResult, clock: Clock): SendOutcome {
  const outcome = outcomeOf(result);
  if (result.kind === 'failed' || (result.status !== 403 && result.status !== 429)) return outcome;
  if (result.retryAfter !== undefined)
    return { kind: 'retry', reason: `answered ${result.status}`, after: result.retryAfter };
  if (/secondary rate limit/i.test(result.body) && result.header('x-ratelimit-remaining') !== '0')
    return {
      kind: 'retry',
      reason: `answered ${result.status}, a secondary rate limit`,
      after: SECONDARY_LIMIT,
    };
  if (result.header('x-ratelimit-remaining') !== '0') return outcome;
  const reset = Number(result.header('x-ratelimit-reset') ?? Number.NaN) * 1000;
  const reason = `answered ${result.status}, the rate limit is used up`;
  return Number.isNaN(reset)
    ? { kind: 'retry', reason }
    : { kind: 'retry', reason, after: Math.max(0, reset - clock.now()) };
}
