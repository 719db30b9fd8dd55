import { z } from 'zod';
import { secret } from '../../base/file-option.ts';
import { httpConfigSchema, httpPost } from '../http-config.ts';
import { outcomeOf, type Post, type PostResult } from '../http-post.ts';
import { baseUrl, below } from '../option-schemas.ts';
import { fittingData } from '../retrain-body.ts';
import { reasonOf } from '../retrain-parameters.ts';
import { retrainingTarget, runName } from '../retraining-target.ts';
import type { SendOutcome } from '../send-outcome.ts';

/** Airflow keeps the configuration of a run in its database, and shows it on a page. */
const MOST_BYTES = 256 * 1024;

const options = z
  .strictObject({
    url: baseUrl.describe('Base URL of Airflow, such as https://airflow.example.com.'),
    dag_id: z.string().min(1).describe('The DAG to trigger.'),
    api_version: z
      .enum(['v1', 'v2'])
      .default('v2')
      .describe('Version of the REST API: v2 of Airflow 3, v1 of Airflow 2.'),
    username: z
      .string()
      .min(1)
      .optional()
      .describe('User to log in as: at /auth/token with v2, by basic authentication with v1.'),
    password: secret(z.string().min(1)).optional().describe('Password of that user.'),
    http_config: httpConfigSchema,
  })
  .refine(({ username, password }) => (username === undefined) === (password === undefined), {
    path: ['username'],
    message: 'username and password go together',
  })
  .refine(
    ({ username, http_config: { authorization, basic_auth: basic } }) =>
      username === undefined || (authorization === undefined && basic === undefined),
    { path: ['username'], message: 'takes either username and password or a login in http_config' },
  )
  .describe('Triggers a DAG of Apache Airflow 2 or 3.');

type Options = z.output<typeof options>;

/**
 * A DAG of Airflow (https://airflow.apache.org/docs/apache-airflow/stable/stable-rest-api-ref.html). The run's id comes from the
 * request's, so a run that is there already (409) is the one that was asked for.
 */
export const airflow = retrainingTarget({
  options,
  connect: (config, ports) => {
    const post = authorized(config, httpPost(config.http_config, ports.http));
    const url = below(config.url, 'api', config.api_version, 'dags', config.dag_id, 'dagRuns');
    return async (request, signal) => {
      const run = {
        dag_run_id: runName(request),
        conf: fittingData(request, MOST_BYTES),
        note: reasonOf(request),
        // Airflow 3 wants to be told that the run is for no date; Airflow 2 takes none and sets the present.
        ...(config.api_version === 'v2' && { logical_date: null }),
      };
      const result = await post({ url, body: JSON.stringify(run) }, signal);
      return 'outcome' in result ? result.outcome : outcomeOfAirflow(result);
    };
  },
});

function outcomeOfAirflow(result: PostResult): SendOutcome {
  if (result.kind === 'answered' && result.status === 409)
    return { kind: 'sent', answer: 'answered 409: the run is there already' };
  return outcomeOf(result);
}

type AuthorizedPost = (
  ...parameters: Parameters<Post>
) => Promise<PostResult | { readonly outcome: SendOutcome }>;

function authorized(config: Options, post: Post): AuthorizedPost {
  const { username, password } = config;
  if (username === undefined || password === undefined) return post;
  if (config.api_version === 'v2') return withToken(config, { username, password }, post);
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  return (message, signal) => post({ ...message, headers: { ...message.headers, authorization } }, signal);
}

/**
 * Logs in when there is no token, and once again when the one that there is is taken no more: 401 when it has had its time,
 * 403 ("Invalid JWT token") when Airflow signs with another key since.
 */
function withToken(
  { url }: Options,
  login: { readonly username: string; readonly password: string },
  post: Post,
): AuthorizedPost {
  let token: string | undefined;
  return async (message, signal) => {
    for (let fresh = token === undefined; ; fresh = true) {
      if (token === undefined) {
        const answer = await post({ url: below(url, 'auth', 'token'), body: JSON.stringify(login) }, signal);
        token = tokenIn(answer);
        if (token === undefined) return { outcome: outcomeOfLogin(answer) };
      }
      const headers = { ...message.headers, authorization: `Bearer ${token}` };
      const result = await post({ ...message, headers }, signal);
      if (result.kind === 'failed' || (result.status !== 401 && result.status !== 403)) return result;
      if (fresh && result.status === 403) return result;
      token = undefined;
      if (fresh) return result;
    }
  };
}

const tokenAnswer = z.object({ access_token: z.string().min(1) });

function tokenIn(answer: PostResult): string | undefined {
  if (answer.kind === 'failed' || answer.status < 200 || answer.status > 299) return undefined;
  try {
    return tokenAnswer.safeParse(JSON.parse(answer.body)).data?.access_token;
  } catch {
    return undefined;
  }
}

function outcomeOfLogin(answer: PostResult): SendOutcome {
  const outcome = outcomeOf(answer);
  if (outcome.kind === 'sent') return { kind: 'refused', reason: 'the login gave no access_token' };
  return answer.kind === 'failed' ? outcome : { ...outcome, reason: `${outcome.reason} to the login` };
}
