import { z } from 'zod';
import { durationSchema } from '../base/duration-schema.ts';
import { networkRulesSchema } from './network-rules.ts';

/** How messages and retraining requests are brought to whom they are for. */
export const deliverySchema = z
  .strictObject({
    timeout: durationSchema
      .prefault('10s')
      .describe('Longest time for one attempt: connecting, sending and reading the answer.'),
    give_up_after: durationSchema
      .prefault('24h')
      .describe(
        'A message that a receiver did not take for so long is given up. driftd notify retry sends it again.',
      ),
    circuit_breaker_failures: z
      .int()
      .min(1)
      .default(5)
      .describe(
        'After so many failures in a row, one message at a time asks whether the receiver is back; the others wait.',
      ),
    networks: networkRulesSchema,
  })
  .prefault({})
  .describe('How messages and retraining requests are delivered.');
