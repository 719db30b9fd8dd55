import { type Command, InvalidArgumentError } from 'commander';
import type { CommandContext } from './context.ts';
import { printSink } from './demo/print-sink.ts';
import { produceTraffic, type TrafficFlags } from './demo/produce-traffic.ts';
import { runDemo } from './demo/run-demo.ts';

export function addDemo(program: Command, context: CommandContext): void {
  const demo = program
    .command('demo')
    .description(
      'a day of a fraud model on the embedded store: three faults, three alerts, one retraining; no server needed',
    )
    .option('--count <n>', 'predictions', positive, 240_000)
    .option('--seed <n>', 'the same seed gives the same day', positive, 1)
    .option('--dir <folder>', 'where the store of the demo goes; emptied first', 'driftd-demo')
    .action((flags: { count: number; seed: number; dir: string }) => runDemo(flags, context));
  demo
    .command('traffic')
    .description("write a model's traffic to Kafka in real time, with a fault every now and then")
    .requiredOption('--brokers <list>', 'bootstrap brokers, host:port, separated by commas')
    .option('--predictions <topic>', 'topic of predictions', 'predictions')
    .option('--labels <topic>', 'topic of labels', 'labels')
    .option('--rate <n>', 'predictions a second', positive, 50)
    .option('--limit <n>', 'stop after this many predictions', positive)
    .option('--seed <n>', 'the same seed gives the same traffic', positive, 1)
    .action((flags: TrafficFlags) => produceTraffic(flags, context));
  demo
    .command('sink')
    .description(
      'a local receiver that plays Slack (/slack) and a retraining target (/retrain) and prints what it gets',
    )
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', 'port to listen on; 0 takes a free one', port, 8080)
    .option(
      '--secret <secret>',
      'check the signatures of /retrain with it (default: DRIFTD_RETRAINING_SECRET)',
    )
    .action((flags: { host: string; port: number; secret?: string }) => printSink(flags, context));
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('Expected a whole number from 1 on.');
  return value;
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new InvalidArgumentError('Expected 0 to 65535.');
  return value;
}
