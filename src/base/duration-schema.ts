import { z } from 'zod';
import { DURATION_FORM, parseDuration } from './duration.ts';

/** A duration in a file: text as Prometheus writes it, milliseconds behind. */
export const durationSchema = z
  .string()
  .transform((text, context) => {
    const duration = parseDuration(text);
    if (duration !== undefined) return duration;
    context.issues.push({
      code: 'custom',
      message: `"${text}" is not a duration; expected ${DURATION_FORM}`,
      input: text,
    });
    return z.NEVER;
  })
  .describe(`Expected: ${DURATION_FORM}.`);
