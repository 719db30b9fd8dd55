import { AwsV4Signer } from 'aws4fetch';
import { z } from 'zod';
import type { Millis } from '../../base/clock.ts';
import { secret } from '../../base/file-option.ts';
import { outcomeOf, type PostResult } from '../http-post.ts';
import { baseUrl } from '../option-schemas.ts';
import { type ParameterLimits, parametersOf, parametersSchema, reasonOf } from '../retrain-parameters.ts';
import { retrainingTarget, runName } from '../retraining-target.ts';
import type { SendOutcome } from '../send-outcome.ts';

/** A parameter has 1024 characters at most. */
const LIMITS: ParameterLimits = { text: 1_000, request: 1_024 };

/** Errors that AWS answers 400 to, and that pass. */
const PASSING = new Set([
  'ThrottlingException',
  'Throttling',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'ResourceLimitExceeded',
  'ConflictException',
  'RequestExpired',
]);

/**
 * A pipeline of Amazon SageMaker
 * (https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StartPipelineExecution.html). The request's id is the
 * idempotency token: asking again answers with the execution that there is.
 */
export const sagemakerPipeline = retrainingTarget({
  options: z
    .strictObject({
      region: z
        .string()
        .regex(/^[a-z0-9-]+$/, 'must be a region such as eu-central-1')
        .describe('The AWS region, such as eu-central-1.'),
      pipeline: z.string().min(1).max(256).describe('Name or ARN of the pipeline.'),
      access_key_id: z.string().min(1).describe('Access key of a user that may start the pipeline.'),
      secret_access_key: secret(z.string().min(1)).describe('The secret that belongs to it.'),
      session_token: secret(z.string().min(1))
        .optional()
        .describe('For keys that hold for a while: the token that belongs to them.'),
      endpoint: baseUrl
        .optional()
        .describe(
          'Where the API is, such as a VPC endpoint. Default: https://api.sagemaker.REGION.amazonaws.com.',
        ),
      parameters: parametersSchema(200),
    })
    .describe('Starts a pipeline of Amazon SageMaker. It refuses parameters that it does not define.'),
  connect: (config, { http, clock }) => {
    const post = http();
    const url = `${(config.endpoint ?? `https://api.sagemaker.${config.region}.amazonaws.com`).replace(/\/+$/, '')}/`;
    return async (request, signal) => {
      const parameters = Object.entries(parametersOf(request, config.parameters, LIMITS));
      const body = JSON.stringify({
        PipelineName: config.pipeline,
        ClientRequestToken: request.id,
        PipelineExecutionDisplayName: runName(request),
        PipelineExecutionDescription: reasonOf(request),
        PipelineParameters: parameters.map(([Name, Value]) => ({ Name, Value })),
      });
      const signer = new AwsV4Signer({
        method: 'POST',
        url,
        body,
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': 'SageMaker.StartPipelineExecution',
        },
        service: 'sagemaker',
        region: config.region,
        accessKeyId: config.access_key_id,
        secretAccessKey: config.secret_access_key,
        ...(config.session_token !== undefined && { sessionToken: config.session_token }),
        datetime: signingTime(clock.now()),
      });
      const { headers } = await signer.sign();
      return outcomeOfAws(await post({ url, body, headers: Object.fromEntries(headers) }, signal));
    };
  },
});

/** `20261122T090000Z`. */
function signingTime(now: Millis): string {
  return new Date(now).toISOString().replace(/[:-]|\.\d{3}/g, '');
}

function outcomeOfAws(result: PostResult): SendOutcome {
  const outcome = outcomeOf(result);
  if (result.kind === 'failed' || outcome.kind !== 'refused') return outcome;
  const type = /"__type"\s*:\s*"(?:[\w.]+#)?(\w{1,64})"/.exec(result.body)?.[1];
  if (type === undefined) return outcome;
  const reason = `${outcome.reason} ${type}`;
  return PASSING.has(type) ? { kind: 'retry', reason } : { kind: 'refused', reason };
}
