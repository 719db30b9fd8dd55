import { z } from 'zod';
import { MATCHER_FORM, parseMatcher } from './matcher.ts';

/** A matcher in a file: text as Alertmanager takes it, a test of labels behind. */
export const matcherOption = z
  .string()
  .transform((text, context) => {
    const parsed = parseMatcher(text);
    if (parsed !== undefined) return parsed;
    context.addIssue({ code: 'custom', message: `must be ${MATCHER_FORM}` });
    return z.NEVER;
  })
  .describe('A condition on one label: =, !=, =~ or !~. Regular expressions must fit the whole value.');

export const labelName = z.string().regex(/^[a-zA-Z_]\w*$/, 'must be the name of a label');
