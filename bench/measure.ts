/** One thing to measure: it does its work once and says how many events that were. */
export interface Contender {
  readonly name: string;
  readonly run: () => Promise<number> | number;
}

export interface Measured {
  readonly name: string;
  /** Medians over the rounds. */
  readonly eventsPerSecond: number;
  /** Of all threads of this process, in microseconds: what others do on the machine hardly moves it. */
  readonly cpuPerEvent: number;
}

/**
 * Measures every contender `rounds` times, in turns, so that a machine that becomes slower or faster meanwhile does so
 * for all of them. One round before is not counted: the code is compiled in it.
 */
export async function measure(contenders: readonly Contender[], rounds: number): Promise<Measured[]> {
  const rates = contenders.map((): number[] => []);
  const costs = contenders.map((): number[] => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [i, { run }] of contenders.entries()) {
      const begun = performance.now();
      const cpu = process.cpuUsage();
      const events = await run();
      const seconds = (performance.now() - begun) / 1000;
      const { user, system } = process.cpuUsage(cpu);
      if (round === 0) continue;
      rates[i]?.push(events / seconds);
      costs[i]?.push((user + system) / events);
    }
  }
  return contenders.map(({ name }, i) => ({
    name,
    eventsPerSecond: median(rates[i] ?? []),
    cpuPerEvent: median(costs[i] ?? []),
  }));
}

/** A table with the first row as the measure of all others. */
export function tableOf(measured: readonly Measured[]): string {
  const first = measured[0]?.eventsPerSecond ?? Number.NaN;
  const rows = measured.map(({ name, eventsPerSecond, cpuPerEvent }) => [
    name,
    Math.round(eventsPerSecond).toLocaleString('en'),
    (eventsPerSecond / first).toFixed(2),
    cpuPerEvent.toFixed(1),
  ]);
  const head = ['', 'events/s', 'ratio', 'CPU us/event'];
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join('  '),
    )
    .join('\n');
}

/** The middle value; of an even number, the upper of two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
