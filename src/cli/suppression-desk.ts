import { request } from 'undici';
import { z } from 'zod';
import { systemClock } from '../base/clock.ts';
import { DriftdError, messageOf } from '../base/errors.ts';
import { loadConfig } from '../config/load.ts';
import {
  type AcknowledgementJson,
  acknowledgementBody,
  acknowledgementJson,
  type SilenceJson,
  silenceBody,
  silenceJson,
} from '../http/suppression-json.ts';
import { createSuppressions } from '../pipeline/stored-suppressions.ts';
import { openStore } from '../store/client.ts';
import { migrate } from '../store/migrate.ts';
import type { CommandContext } from './context.ts';

export interface DeskFlags {
  readonly config?: string;
  readonly url?: string;
}

/** Where silences and acknowledgements are made, in the JSON of the API. */
export interface SuppressionDesk {
  silences(): Promise<readonly SilenceJson[]>;
  addSilence(body: z.input<typeof silenceBody>): Promise<string>;
  expireSilence(id: string): Promise<void>;
  acknowledgements(): Promise<readonly AcknowledgementJson[]>;
  acknowledge(body: z.input<typeof acknowledgementBody>): Promise<string>;
  withdraw(id: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Straight to the store where that is a server, since every instance reads it there. An embedded store belongs to the
 * daemon, so the way leads through its HTTP API; so it does with `--url`.
 */
export async function openDesk(flags: DeskFlags, { environment }: CommandContext): Promise<SuppressionDesk> {
  if (flags.url !== undefined) return httpDesk(flags.url);
  if (flags.config === undefined) {
    throw new DriftdError('input', 'say where: --config FILE, or --url of a running driftd');
  }
  const { store, http } = await loadConfig(flags.config, environment);
  return 'url' in store
    ? storeDesk(store)
    : httpDesk(http.external_url ?? `http://${http.host}:${http.port}`);
}

async function storeDesk(options: Parameters<typeof openStore>[0]): Promise<SuppressionDesk> {
  const store = await openStore(options);
  await migrate(store);
  const suppressions = createSuppressions({ clock: systemClock, store });
  return {
    silences: async () => {
      await suppressions.refresh();
      return suppressions.silences.map((silence) => silenceJson(silence, systemClock.now()));
    },
    addSilence: async (body) => {
      const { id, ...wanted } = parsed(silenceBody, body);
      return (await suppressions.silence(wanted, id)).id;
    },
    expireSilence: async (id) => {
      if (!(await suppressions.expire(id))) throw new DriftdError('input', `there is no silence ${id}`);
    },
    acknowledgements: async () => {
      await suppressions.refresh();
      return suppressions.acknowledgements.map(acknowledgementJson);
    },
    acknowledge: async (body) => {
      const { fingerprint, ...wanted } = parsed(acknowledgementBody, body);
      return (await suppressions.acknowledge({ ...wanted, fingerprint })).id;
    },
    withdraw: async (id) => {
      if (!(await suppressions.withdraw(id)))
        throw new DriftdError('input', `there is no acknowledgement ${id}`);
    },
    close: () => store.close(),
  };
}

function parsed<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const { data, error } = schema.safeParse(body);
  if (error === undefined) return data;
  const faults = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new DriftdError('input', faults.join('; '));
}

const silenceId = z.object({ silenceID: z.string() });
const acknowledgementId = z.object({ acknowledgementID: z.string() });

function httpDesk(base: string): SuppressionDesk {
  const call = async (method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown> => {
    const url = new URL(`api/v1/${path}`, base.endsWith('/') ? base : `${base}/`);
    const { status, answer } = await exchange(method, url, body);
    if (status === 200) return answer;
    const why = typeof answer === 'string' ? answer : `answered ${status}`;
    throw new DriftdError(status >= 400 && status < 500 ? 'input' : 'environment', `${url.origin}: ${why}`);
  };
  return {
    silences: async () => (await call('GET', 'silences')) as SilenceJson[],
    addSilence: async (body) => silenceId.parse(await call('POST', 'silences', body)).silenceID,
    expireSilence: async (id) => void (await call('DELETE', `silence/${encodeURIComponent(id)}`)),
    acknowledgements: async () => (await call('GET', 'acknowledgements')) as AcknowledgementJson[],
    acknowledge: async (body) =>
      acknowledgementId.parse(await call('POST', 'acknowledgements', body)).acknowledgementID,
    withdraw: async (id) => void (await call('DELETE', `acknowledgement/${encodeURIComponent(id)}`)),
    close: async () => undefined,
  };
}

async function exchange(
  method: 'GET' | 'POST' | 'DELETE',
  url: URL,
  body: object | undefined,
): Promise<{ status: number; answer: unknown }> {
  try {
    const response = await request(url, {
      method,
      headersTimeout: 30_000,
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    const text = await response.body.text();
    return { status: response.statusCode, answer: JSON.parse(text) };
  } catch (error) {
    throw new DriftdError(
      'environment',
      `no driftd answers at ${url.origin} (${messageOf(error)}); name another with --url`,
      { cause: error },
    );
  }
}
