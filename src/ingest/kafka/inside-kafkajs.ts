import { createRequire } from 'node:module';

/** The version of kafkajs whose inside driftd knows. */
const KAFKAJS = '2.2.4';

/** What a file of kafkajs's inside exports; undefined in any other version, which is left as it is. */
export function insideKafkajs<Module>(file: string): Module | undefined {
  const require = createRequire(import.meta.url);
  const { version } = require('kafkajs/package.json') as { version: string };
  return version === KAFKAJS ? (require(`kafkajs/src/${file}`) as Module) : undefined;
}

/** A class whose methods are changed, or what stands in its place in a test. */
export interface KafkajsClass {
  readonly prototype?: object;
}

type Method = (...args: never) => unknown;

const changes = new WeakMap<object, Set<unknown>>();

/**
 * Puts another method into the place of one that an object has, for the whole process: once, however often it is asked for. Where
 * there is no such method, nothing is changed.
 *
 * @param change makes the new one from the old one. It is what tells changes apart, so it is to be the same function each time.
 */
export function changeMethod<Changed extends Method>(
  target: object | undefined,
  name: string,
  change: (before: Changed) => Changed,
): void {
  const methods = target as Record<string, unknown> | undefined;
  const before = methods?.[name];
  if (methods === undefined || typeof before !== 'function') return;
  const made = changes.get(methods) ?? new Set();
  if (made.has(change)) return;
  changes.set(methods, made.add(change));
  methods[name] = change(before as unknown as Changed);
}
