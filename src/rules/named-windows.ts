import type { Frame } from './frame.ts';
import type { Rule } from './rule.ts';

/** The windows besides the group's own that these rules name, each once. */
export function namedWindows(rules: readonly Rule[]): Frame[] {
  const frames = new Map<string, Frame>();
  for (const { names } of rules) {
    for (const variable of names.values()) {
      if (variable.kind !== 'text' && variable.frame !== undefined)
        frames.set(variable.frame.name, variable.frame);
    }
  }
  return [...frames.values()];
}
