import type { z } from 'zod';
import type { SendPorts } from './integration.ts';
import type { RetrainRequest } from './notification.ts';
import type { SendOutcome } from './send-outcome.ts';

/** Asks once for a new model. Failures are outcomes; it does not throw. */
export type RetrainSend = (request: RetrainRequest, signal: AbortSignal) => Promise<SendOutcome>;

/** One kind of system that can be asked for a new model. */
export interface RetrainingTarget<Schema extends z.ZodType> {
  readonly options: Schema;
  readonly connect: (options: z.output<Schema>, ports: SendPorts) => RetrainSend;
}

/** Lets TypeScript take the type of the options from their schema. */
export function retrainingTarget<Schema extends z.ZodType>(
  definition: RetrainingTarget<Schema>,
): RetrainingTarget<Schema> {
  return definition;
}

/**
 * The name of the run that a request starts, in systems where names are unique: whoever asks twice finds the run there. Of
 * lower case letters, digits and a dash, as Kubernetes wants it.
 */
export function runName({ id }: RetrainRequest): string {
  return `driftd-${id}`;
}
