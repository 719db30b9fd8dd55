import type { z } from 'zod';

/** What a part of the API answers, as JSON. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
  /** Methods, when another one was used. */
  readonly allow?: string;
}

export function faultsOf({ issues }: z.ZodError): string {
  return issues
    .map(({ path, message }) => [path.join('.'), message].filter((part) => part !== '').join(': '))
    .join('; ');
}
