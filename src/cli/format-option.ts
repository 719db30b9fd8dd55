import { InvalidArgumentError } from 'commander';

/** Reads --format. */
export function textOrJson(text: string): 'text' | 'json' {
  if (text === 'text' || text === 'json') return text;
  throw new InvalidArgumentError('Expected text or json.');
}
