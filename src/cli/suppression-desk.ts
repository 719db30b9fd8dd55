import { z } from 'zod';
import { systemClock } from '../base/clock.ts';
import { DriftdError } from '../base/errors.ts';
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
import { callDaemon } from './daemon-call.ts';
import { type DeskFlags, deskPlace } from './desk-options.ts';

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

export async function openDesk(flags: DeskFlags, context: CommandContext): Promise<SuppressionDesk> {
  const place = await deskPlace(flags, context);
  return 'url' in place ? httpDesk(place.url) : storeDesk(place.config.store);
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
  const call = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown> =>
    callDaemon(base, method, path, body);
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
