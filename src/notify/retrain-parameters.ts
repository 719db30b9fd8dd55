import { z } from 'zod';
import { clip } from '../base/clip.ts';
import type { RetrainRequest } from './notification.ts';
import { isoTime } from './period-body.ts';
import { fittingData } from './retrain-body.ts';

const LONGEST_REASON = 500;

/** What a parameter of a pipeline can be: the closed list of values that a request has as text. */
const VALUES = [
  'request_id',
  'target',
  'model',
  'version',
  'reason',
  'baseline_id',
  'window_from',
  'window_to',
  'train_from',
  'train_to',
  'link',
  'callback_url',
  'test',
  'request',
] as const;

type ParameterValue = (typeof VALUES)[number];

/** Ten, as many as GitHub takes. */
const DEFAULT_PARAMETERS: Readonly<Record<string, ParameterValue>> = {
  request_id: 'request_id',
  model: 'model',
  version: 'version',
  reason: 'reason',
  baseline_id: 'baseline_id',
  train_from: 'train_from',
  train_to: 'train_to',
  callback_url: 'callback_url',
  test: 'test',
  request: 'request',
};

export type ParameterOptions = Readonly<Record<string, ParameterValue>>;

/** Which parameters to pass: names as the pipeline declares them, and what each of them gets. */
export function parametersSchema(
  most: number,
): z.ZodDefault<z.ZodRecord<z.ZodString, z.ZodEnum<{ [Value in ParameterValue]: Value }>>> {
  return z
    .record(
      z.string().regex(/^[A-Za-z0-9_-]{1,100}$/, 'must be letters, digits, _ and - only'),
      z.enum(VALUES),
    )
    .refine((given) => Object.keys(given).length <= most, `must not be more than ${most}`)
    .default(DEFAULT_PARAMETERS)
    .describe(
      `What the pipeline declares, by name, and what it gets: ${VALUES.join(', ')}. All are texts; request is the whole request as JSON.`,
    );
}

/** How much a target takes as one parameter. */
export interface ParameterLimits {
  /** Characters of a text. */
  readonly text: number;
  /** Bytes of the request as JSON. */
  readonly request: number;
}

/** Why a new model is asked for, in one line. */
export function reasonOf({ alerts }: RetrainRequest): string {
  return clip(alerts.map(({ annotations }) => annotations['summary'] ?? '').join('; '), LONGEST_REASON);
}

/** The parameters by name, each a text. */
export function parametersOf(
  request: RetrainRequest,
  options: ParameterOptions,
  limits: ParameterLimits,
): Record<string, string> {
  const values = valuesOf(request, limits);
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, values[value]()]));
}

function valuesOf(
  request: RetrainRequest,
  { text, request: mostBytes }: ParameterLimits,
): Readonly<Record<ParameterValue, () => string>> {
  const short = (value: string) => () => clip(value, text);
  return {
    request_id: () => request.id,
    target: short(request.target),
    model: short(request.model),
    version: short(request.version),
    reason: short(reasonOf(request)),
    baseline_id: () => request.baselineId ?? '',
    window_from: () => isoTime(request.window.from),
    window_to: () => isoTime(request.window.to),
    train_from: () => isoTime(request.trainingPeriod.from),
    train_to: () => isoTime(request.trainingPeriod.to),
    link: () => whole(request.link, text),
    callback_url: () => whole(request.callbackUrl ?? '', text),
    test: () => String(request.test ?? false),
    request: () => requestText(request, mostBytes),
  };
}

/** Long names leave no room for more than what is asked for. */
function requestText(request: RetrainRequest, mostBytes: number): string {
  const data = fittingData(request, mostBytes);
  const text = JSON.stringify(data);
  if (Buffer.byteLength(text) <= mostBytes) return text;
  return JSON.stringify({ id: data.id, alerts_omitted: data.alerts_omitted, test: data.test });
}

/** Half an address leads nowhere. */
function whole(address: string, limit: number): string {
  return address.length <= limit ? address : '';
}
