import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Apache Kafka's newest release on Maven Central when this was last changed; it runs on Java 17 and later. */
export const KAFKA_VERSION = '4.4.0';

/** The release that this Kafka names in its own pom. */
const LOG4J_VERSION = '2.25.5';

const MINIMUM_JAVA = 17;

export const HOW_TO_GET_KAFKA = `install Java ${MINIMUM_JAVA}+ and Maven, or set KAFKA_BROKERS=host:port`;

/** True when a broker can be started here: a new enough Java, and the jars or a way to fetch them. */
export async function canRunKafka(): Promise<boolean> {
  return (await javaVersion()) >= MINIMUM_JAVA && (existsSync(jarFolder()) || (await hasMaven()));
}

/** The `java` command: JAVA_HOME's, or the one on the PATH. */
export function javaCommand(): string {
  const home = process.env['JAVA_HOME'];
  return home === undefined || home === '' ? 'java' : join(home, 'bin', 'java');
}

async function javaVersion(): Promise<number> {
  try {
    const { stderr } = await run(javaCommand(), ['-version']);
    return Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

async function hasMaven(): Promise<boolean> {
  return run('mvn', ['--version']).then(
    () => true,
    () => false,
  );
}

function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'driftd-test');
}

function jarFolder(): string {
  return join(cacheFolder(), `kafka-${KAFKA_VERSION}`);
}

/**
 * The folder with Kafka's jars, fetched from Maven Central once a machine. Several processes may ask at the same time:
 * each downloads beside the cache, and the first to rename its folder into place wins.
 */
export async function kafkaJars(): Promise<string> {
  const folder = jarFolder();
  if (existsSync(folder)) return folder;
  await mkdir(cacheFolder(), { recursive: true });
  const partial = await mkdtemp(join(cacheFolder(), 'partial-'));
  try {
    const pom = join(partial, 'pom.xml');
    await writeFile(pom, POM);
    await run('mvn', ['-q', '-B', '-f', pom, COPY_DEPENDENCIES, `-DoutputDirectory=${partial}`], {
      maxBuffer: 64 * 1024 * 1024,
    });
    await rename(partial, folder);
  } catch (error) {
    if (!existsSync(folder))
      throw new Error(`could not fetch the jars of Kafka ${KAFKA_VERSION}`, { cause: error });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return folder;
}

const COPY_DEPENDENCIES = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

// The logging backend is no dependency of kafka_2.13: its distribution adds it, so we do too.
const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>driftd</groupId>
  <artifactId>test-broker</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    ${dependency('org.apache.kafka', 'kafka_2.13', KAFKA_VERSION)}
    ${dependency('org.apache.logging.log4j', 'log4j-slf4j-impl', LOG4J_VERSION)}
    ${dependency('org.apache.logging.log4j', 'log4j-core', LOG4J_VERSION)}
  </dependencies>
</project>
`;

function dependency(group: string, artifact: string, version: string): string {
  return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
}
