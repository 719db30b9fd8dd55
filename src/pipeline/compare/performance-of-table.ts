import type { Answer } from '../../event/events.ts';
import type { ColumnBatch, ColumnVector } from '../../ingest/files/column-batch.ts';
import { inferTask } from '../../metrics/infer-task.ts';
import {
  type JudgedEvent,
  LabelledEvidenceBuilder,
  type PerformancePolicy,
} from '../../metrics/labelled-evidence.ts';
import type { MetricResult } from '../../metrics/result.ts';
import { cellOf } from './cell-of.ts';
import type { NamedColumns } from './named-columns.ts';

/** Rows from which the task is inferred. */
const SAMPLE = 10_000;

/** What people say about the model; the rest is inferred. */
export interface PerformanceOptions {
  readonly task?: PerformancePolicy['task'];
  readonly positive?: string;
  readonly threshold?: number;
}

/** True when the columns are named that performance takes. */
export function canJudge({ label, prediction, score }: NamedColumns): boolean {
  return label !== undefined && (prediction !== undefined || score !== undefined);
}

/** Finds out in a first reading what the model answers with: numbers or classes. */
export class TaskSurvey {
  readonly #named: NamedColumns;
  readonly #sample: JudgedEvent[] = [];

  constructor(named: NamedColumns) {
    this.#named = named;
  }

  add(batch: ColumnBatch): void {
    if (this.#sample.length >= SAMPLE) return;
    for (const event of judgedEvents(batch, this.#named)) this.#sample.push(event);
  }

  policy({ task, positive, threshold }: PerformanceOptions): PerformancePolicy {
    const isClasses =
      positive !== undefined || threshold !== undefined || this.#named.prediction === undefined;
    return {
      task: task ?? (isClasses ? 'classification' : inferTask(this.#sample)),
      positive,
      threshold: threshold ?? 0.5,
    };
  }
}

/** How well a model does on one table. */
export class TablePerformance {
  readonly #named: NamedColumns;
  readonly #evidence: LabelledEvidenceBuilder;

  constructor(named: NamedColumns, policy: PerformancePolicy) {
    this.#named = named;
    this.#evidence = new LabelledEvidenceBuilder(policy);
  }

  add(batch: ColumnBatch): void {
    for (const event of judgedEvents(batch, this.#named)) this.#evidence.add(event);
  }

  results(): MetricResult[] {
    return this.#evidence.results();
  }
}

function* judgedEvents(
  { rows, columns }: ColumnBatch,
  { label, prediction, score }: NamedColumns,
): Generator<JudgedEvent, void, undefined> {
  const vectorOf = (column: string | undefined): ColumnVector | undefined =>
    column === undefined ? undefined : columns.get(column);
  const [labels, predictions, scores] = [vectorOf(label), vectorOf(prediction), vectorOf(score)];
  for (let row = 0; row < rows; row += 1) {
    const value = cellOf(scores, row);
    yield {
      label: answerOf(cellOf(labels, row)),
      prediction: answerOf(cellOf(predictions, row)),
      score: typeof value === 'number' ? value : undefined,
    };
  }
}

function answerOf(value: unknown): Answer | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : undefined;
}
