import { setImmediate as breathe } from 'node:timers/promises';
import pino from 'pino';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { DriftdError } from '../../src/base/errors.ts';
import { EvaluationLoop, type LogEnd } from '../../src/pipeline/evaluation-loop.ts';
import { Learning } from '../../src/pipeline/learning.ts';
import type { PartitionProgress } from '../../src/store/progress.ts';
import { createTelemetry } from '../../src/telemetry/telemetry.ts';
import { HOUR, MINUTE, MORNING } from '../support/events.ts';
import { directoryOf, POLICY } from '../support/open-chunks.ts';
import { groupsOf, MemoryEvaluations } from './memory-evaluations.ts';

const GROUPS = groupsOf(`
groups:
  - name: inputs
    schedule: "0 * * * *"
    window: 1h
    rules: [{ alert: Few, when: predictions < 10, summary: few }]
  - name: performance
    schedule: "0 * * * *"
    window: 1h
    rules: [{ alert: Wrong, when: accuracy < 0.9, summary: wrong }]
`);
const OPTIONS = { allowedLateness: 2 * MINUTE, idleTimeout: MINUTE };

/** A daemon's surroundings, all of which a test may change between two looks. */
class Surroundings {
  readonly evaluations = new MemoryEvaluations();
  readonly fatal: unknown[] = [];
  released = 0;
  now = MORNING;
  progress: PartitionProgress[] = [];
  ends: LogEnd[] = [];
  failure: Error | undefined;
  /** How often the store was asked for progress. */
  looks = 0;
  /** How often samples were asked for. */
  asked = 0;
  kafkaFailure: Error | undefined;

  async loop(): Promise<EvaluationLoop> {
    const directory = await directoryOf([]);
    const learning = new Learning(directory, () => POLICY, {
      horizon: () => Number.POSITIVE_INFINITY,
      learningProgress: async () => {
        this.asked += 1;
        return [];
      },
      learningSample: async () => undefined,
      adopt: async () => undefined,
      onLearned: () => undefined,
    });
    const loop = new EvaluationLoop(OPTIONS, {
      clock: { now: () => this.now },
      logger: pino({ level: 'silent' }),
      telemetry: createTelemetry(),
      evaluator: this.evaluations.process(GROUPS, 24 * HOUR),
      learning,
      delivery: {
        release: () => {
          this.released += 1;
        },
      },
      groups: GROUPS,
      progress: async () => {
        this.looks += 1;
        if (this.failure !== undefined) throw this.failure;
        return this.progress;
      },
      isPredictions: (topic) => topic === 'predictions',
      nonEmptyPartitions: async () => {
        if (this.kafkaFailure !== undefined) throw this.kafkaFailure;
        return this.ends;
      },
      onFatal: (error) => void this.fatal.push(error),
    });
    onTestFinished(() => loop.stop());
    return loop;
  }

  /** The daemon's timer strikes, `minutes` later, and everything that comes of it is done. */
  async look(loop: EvaluationLoop, minutes = 0): Promise<string[]> {
    this.now += minutes * MINUTE;
    this.evaluations.measured.length = 0;
    loop.wake();
    await breathe();
    return [...this.evaluations.measured];
  }
}

function stored(change: Partial<PartitionProgress> = {}): PartitionProgress {
  const about = { topic: 'predictions', partition: 0, endOffset: 100, caughtUp: true };
  return { ...about, maxEventTime: MORNING, activeAt: MORNING, flushedAt: MORNING, ...change };
}

function endAt(end: number, topic = 'predictions', partition = 0): LogEnd {
  return { topic, partition, end };
}

describe('the evaluation loop', () => {
  it('evaluates while it is active, and forgets at once when it is not', async () => {
    const around = new Surroundings();
    const loop = await around.loop();
    around.progress = [stored({ maxEventTime: MORNING + 62 * MINUTE, activeAt: MORNING + 62 * MINUTE })];
    around.ends = [endAt(100)];
    expect(await around.look(loop, 63)).toEqual([]);
    loop.setActive(true);
    await breathe();
    expect(around.evaluations.measured).toEqual(['inputs@1', 'performance@1']);
    expect(await around.look(loop)).toEqual([]);
    loop.setActive(false);
    expect(around.released).toBe(1);
    around.progress = [stored({ maxEventTime: MORNING + 130 * MINUTE })];
    expect(await around.look(loop, 70)).toEqual([]);
    // Another instance did the second hour meanwhile; this one reads that and goes on behind it.
    await (async () => {
      const other = around.evaluations.process(GROUPS, 24 * HOUR);
      await other.takeOver();
      await other.evaluateUpTo(MORNING + 2 * HOUR, () => true, new AbortController().signal);
    })();
    around.evaluations.measured.length = 0;
    loop.setActive(true);
    await breathe();
    expect(around.evaluations.measured).toEqual([]);
    expect(around.evaluations.rows.length).toBe(4);
  });

  it('looks for samples when somebody has flushed, and now and then', async () => {
    const around = new Surroundings();
    const loop = await around.loop();
    around.progress = [stored()];
    loop.setActive(true);
    await breathe();
    expect(around.asked).toBe(1);
    await around.look(loop);
    expect(around.asked).toBe(1);
    around.progress = [stored({ endOffset: 101 })];
    await around.look(loop);
    expect(around.asked).toBe(2);
    await around.look(loop, 1);
    expect(around.asked).toBe(3);
    loop.setActive(false);
    loop.setActive(true);
    await breathe();
    expect(around.asked).toBe(4);
  });

  it('goes on by the clock where a producer sends nothing any more but what is rejected', async () => {
    const around = new Surroundings();
    const loop = await around.loop();
    loop.setActive(true);
    const rejecting = { maxEventTime: MORNING + 10 * MINUTE, activeAt: MORNING + 10 * MINUTE };
    const flushed = (minutes: number) => {
      around.progress = [stored({ ...rejecting, endOffset: minutes, flushedAt: MORNING + minutes * MINUTE })];
      // There is always some more by the time that the broker is asked.
      around.ends = [endAt(minutes + 1)];
    };
    flushed(61);
    expect(await around.look(loop, 61)).toEqual([]);
    flushed(63);
    expect(await around.look(loop, 2)).toEqual(['inputs@1', 'performance@1']);
    // While it is not read to its end, nobody knows what else it holds.
    around.progress = [
      stored({ ...rejecting, caughtUp: false, endOffset: 130, flushedAt: MORNING + 130 * MINUTE }),
    ];
    around.ends = [endAt(1_000)];
    expect(await around.look(loop, 70)).toEqual([]);
  });

  it('does not begin when the partition is taken away while it takes over', async () => {
    const around = new Surroundings();
    const loop = await around.loop();
    around.progress = [stored({ maxEventTime: MORNING + 62 * MINUTE })];
    around.ends = [endAt(100)];
    around.now = MORNING + 63 * MINUTE;
    around.evaluations.onTakeOver = () => loop.setActive(false);
    loop.setActive(true);
    await breathe();
    expect(loop.isActive).toBe(false);
    expect(around.evaluations.measured).toEqual([]);
  });

  it('takes over anew when the partition was taken away and given back while it took over', async () => {
    const around = new Surroundings();
    const loop = await around.loop();
    around.progress = [stored({ maxEventTime: MORNING + 62 * MINUTE })];
    around.ends = [endAt(100)];
    around.now = MORNING + 63 * MINUTE;
    let takenOver = 0;
    around.evaluations.onTakeOver = () => {
      takenOver += 1;
      if (takenOver > 1) return;
      loop.setActive(false);
      loop.setActive(true);
    };
    loop.setActive(true);
    await breathe();
    await breathe();
    expect(takenOver).toBe(2);
    expect(around.evaluations.measured).not.toEqual([]);
    expect(around.fatal).toEqual([]);
  });

  it('waits for what the log holds behind the last flush, however long ago that was', async () => {
    const around = new Surroundings();
    const loop = await around.loop();
    // Down for three hours: the last flush saw the end of a log that has grown since.
    around.now = MORNING + 3.5 * HOUR;
    around.progress = [stored()];
    around.ends = [endAt(5_000)];
    loop.setActive(true);
    expect(await around.look(loop)).toEqual([]);
    around.progress = [
      stored({ endOffset: 2_000, maxEventTime: MORNING + 65 * MINUTE, activeAt: around.now }),
    ];
    expect(await around.look(loop)).toEqual(['inputs@1', 'performance@1']);
    around.progress = [
      stored({ endOffset: 5_000, maxEventTime: MORNING + 3.4 * HOUR, activeAt: around.now }),
    ];
    expect(await around.look(loop)).toEqual(['inputs@2', 'performance@2', 'inputs@3', 'performance@3']);
  });

  it('goes on with the clock when all is read and nothing comes', async () => {
    const around = new Surroundings();
    const loop = await around.loop();
    around.progress = [stored()];
    around.ends = [endAt(100)];
    around.now = MORNING + 61 * MINUTE;
    loop.setActive(true);
    expect(await around.look(loop)).toEqual([]);
    expect(await around.look(loop, 1)).toEqual(['inputs@1', 'performance@1']);
  });

  it('does not wait for ever for the end of a log behind which there are no records', async () => {
    const around = new Surroundings();
    const loop = await around.loop();
    around.progress = [stored()];
    // A transaction left its marker.
    around.ends = [endAt(101)];
    around.now = MORNING + 3.2 * HOUR;
    loop.setActive(true);
    for (let seconds = 0; seconds < 60; seconds += 5) expect(await around.look(loop, 5 / 60)).toEqual([]);
    expect((await around.look(loop, 5 / 60)).length).toBe(6);
  });

  it('waits for a partition of which nothing is stored, but not longer than two minutes', async () => {
    const around = new Surroundings();
    const loop = await around.loop();
    around.progress = [stored({ maxEventTime: MORNING + 70 * MINUTE })];
    around.ends = [endAt(100), endAt(7, 'predictions', 1)];
    around.now = MORNING + 71 * MINUTE;
    loop.setActive(true);
    for (let minutes = 0; minutes < 2; minutes += 0.5) expect(await around.look(loop, 0.25)).toEqual([]);
    expect(await around.look(loop, 2)).toEqual(['inputs@1', 'performance@1']);
  });

  it('waits with rules that need labels until the labels of the window are in the store', async () => {
    const around = new Surroundings();
    const loop = await around.loop();
    const predictions = stored({ maxEventTime: MORNING + 70 * MINUTE, activeAt: MORNING + 70 * MINUTE });
    const labels = (endOffset: number, maxEventTime = MORNING) =>
      stored({ topic: 'labels', endOffset, maxEventTime, activeAt: MORNING + 70 * MINUTE });
    around.now = MORNING + 71 * MINUTE;
    around.progress = [predictions, labels(50)];
    around.ends = [endAt(100), endAt(80, 'labels')];
    loop.setActive(true);
    await breathe();
    expect(around.evaluations.measured).toEqual(['inputs@1']);
    around.progress = [predictions, labels(79)];
    expect(await around.look(loop)).toEqual([]);
    // Labels go on coming, with old timestamps, and the flushes are never at the very end.
    around.ends = [endAt(100), endAt(200, 'labels')];
    around.progress = [predictions, labels(80)];
    expect(await around.look(loop)).toEqual(['performance@1']);
    // The next window has a goal of its own.
    around.progress = [stored({ maxEventTime: MORNING + 130 * MINUTE }), labels(150)];
    expect(await around.look(loop, 60)).toEqual(['inputs@2']);
    around.progress = [stored({ maxEventTime: MORNING + 130 * MINUTE }), labels(150, MORNING + 122 * MINUTE)];
    expect(await around.look(loop)).toEqual(['performance@2']);
  });

  it('waits while the store is away, and takes its memory up from there', async () => {
    const around = new Surroundings();
    const loop = await around.loop();
    around.progress = [stored({ maxEventTime: MORNING + 65 * MINUTE })];
    around.ends = [endAt(100)];
    around.now = MORNING + 66 * MINUTE;
    around.failure = new DriftdError('environment', 'away', { retryable: true });
    loop.setActive(true);
    expect(await around.look(loop)).toEqual([]);
    around.failure = undefined;
    around.evaluations.dies = { stage: 'project', when: 'before', calls: 0 };
    expect(await around.look(loop)).toEqual(['inputs@1']);
    expect(around.fatal.map(String)).toEqual(['Error: killed before project']);
    expect(await around.look(loop)).toEqual(['performance@1']);
    expect(around.evaluations.projected.length).toBe(2);
  });

  it('tells what is known while Kafka is away', async () => {
    const around = new Surroundings();
    const { evaluations } = around;
    evaluations.predictionsAt = () => 3;
    const loop = await around.loop();
    around.progress = [stored({ maxEventTime: MORNING + 65 * MINUTE })];
    around.ends = [endAt(100)];
    around.now = MORNING + 66 * MINUTE;
    evaluations.dies = { stage: 'saveEntries', when: 'before', calls: 0 };
    loop.setActive(true);
    await breathe();
    expect(evaluations.dispatch.messages).toEqual([]);
    around.kafkaFailure = new DriftdError('environment', 'away', { retryable: true });
    around.progress = [stored({ maxEventTime: MORNING + 130 * MINUTE })];
    expect(await around.look(loop, 70)).toEqual([]);
    expect(evaluations.dispatch.messages).toMatchObject([
      { reason: 'sent_first', at: MORNING + 60.5 * MINUTE },
    ]);
  });

  it('looks when a schedule says so, although the process was busy just then', async () => {
    vi.useFakeTimers({ now: MORNING + 57 * MINUTE + 4_000, toFake: ['setTimeout', 'setInterval', 'Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    onTestFinished(() => warn.mockRestore());
    const around = new Surroundings();
    const loop = await around.loop();
    loop.start();
    loop.setActive(true);
    // Between two looks of its own, the last of which was behind 170 seconds.
    await vi.advanceTimersByTimeAsync(170_000);
    await breathe();
    const asked = around.looks;
    vi.setSystemTime(Date.now() + 5_000);
    await vi.advanceTimersByTimeAsync(6_000);
    await breathe();
    expect(around.looks).toBe(asked + 1);
    // Later than that the timer's look comes first, and nobody is warned.
    await vi.advanceTimersByTimeAsync(59 * MINUTE);
    vi.setSystemTime(Date.now() + 15_000);
    await vi.advanceTimersByTimeAsync(2 * MINUTE);
    expect(warn).not.toHaveBeenCalled();
  });

  it('ends driftd with what waiting does not mend', async () => {
    const around = new Surroundings();
    const loop = await around.loop();
    around.failure = new DriftdError('defect', 'SQL that does not parse');
    loop.setActive(true);
    await breathe();
    expect(around.fatal).toEqual([around.failure]);
  });
});
