import { createRequire } from 'node:module';

/** The version of kafkajs whose inside driftd knows. */
const KAFKAJS = '2.2.4';

/** What a file of kafkajs's inside exports; undefined in any other version, which is left as it is. */
export function insideKafkajs<Module>(file: string): Module | undefined {
  const require = createRequire(import.meta.url);
  const { version } = require('kafkajs/package.json') as { version: string };
  return version === KAFKAJS ? (require(`kafkajs/src/${file}`) as Module) : undefined;
}
