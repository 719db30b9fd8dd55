import type { Millis } from '../base/clock.ts';
import { ageLimits } from '../rules/age-limits.ts';
import type { LabelledPast, Undecided } from '../rules/evaluate-group.ts';
import { namesStreamsOnly, needsLabels } from '../rules/needs-labels.ts';
import type { LateWindow } from '../rules/revise-alerts.ts';
import type { RuleGroup } from '../rules/rule.ts';
import type { Subject } from '../rules/subject.ts';
import type { WindowHistory } from '../rules/window-history.ts';
import type { LabelWatch, Look, LookPorts, WatchedModel } from './label-watch.ts';
import { measureGroup } from './measure.ts';
import { measureAgain, performancePeriods } from './measure-labelled.ts';
import type { Measured, MeasurePorts } from './measure-ports.ts';

/** What a group remembers of windows whose labels may still come. */
export interface LabelMemory {
  readonly history: WindowHistory | undefined;
  readonly watch: LabelWatch;
}

export interface MeasuredWithLabels extends Measured {
  readonly undecided: Undecided;
  /** Undefined where no rule of the group needs labels. */
  readonly labels?: Omit<LabelledPast, 'history'>;
}

/**
 * Measures what a group looks at, and those of its earlier windows that have got labels since. The newest labels are looked
 * for first, so that none falls between the two.
 */
export async function measureWithLabels(
  group: RuleGroup,
  instant: Millis,
  { history, watch }: LabelMemory,
  ports: MeasurePorts & { readonly look: LookPorts },
  signal: AbortSignal,
): Promise<MeasuredWithLabels> {
  if (!isRevised(group)) return measureGroup(group, instant, ports);
  const look = lookOf(group, instant, history, ports);
  const due = await watch.look(look, ports.look);
  const own = await measureGroup(group, instant, ports);
  const again = await measureDue(group, instant, due, watch, ports, signal);
  for (const { model } of look.models) {
    const predictions = own.predictions.get(model);
    if (predictions !== undefined) watch.computed(model, instant, predictions);
  }
  const reach = Math.max(0, ...look.models.map(({ horizon }) => horizon));
  return {
    ...own,
    rows: [...own.rows, ...again.rows],
    details: [...own.details, ...again.details],
    labels: { late: again.late, keepFrom: instant - reach },
  };
}

/** Whether labels that come late change what was said of a group's windows. Change detectors do not go back. */
function isRevised({ rules }: RuleGroup): boolean {
  return rules.some(needsLabels) && !namesStreamsOnly(rules);
}

/**
 * Computes all windows that still wait, whatever their number. For a log that is read to its end; alerts are left as they
 * were at the last evaluation.
 */
export async function measureTheRest(
  group: RuleGroup,
  instant: Millis,
  { history, watch }: LabelMemory,
  ports: MeasurePorts & { readonly look: LookPorts },
  signal: AbortSignal,
  save: (rows: readonly object[], details: readonly object[]) => Promise<void>,
): Promise<void> {
  if (!isRevised(group)) return;
  for (;;) {
    const look = { ...lookOf(group, instant, history, ports), ageLimits: [], isLast: true };
    const due = await watch.look(look, ports.look);
    if (due.size === 0) return;
    const { rows, details } = await measureDue(group, instant, due, watch, ports, signal);
    await save(rows, details);
  }
}

interface MeasuredAgain {
  readonly late: readonly LateWindow[];
  readonly rows: readonly object[];
  readonly details: readonly object[];
}

/** One window after the other, so that no more than one is ever joined at a time. */
async function measureDue(
  group: RuleGroup,
  instant: Millis,
  due: ReadonlyMap<string, readonly Millis[]>,
  watch: LabelWatch,
  ports: MeasurePorts,
  signal: AbortSignal,
): Promise<MeasuredAgain> {
  const [rows, details] = [[] as object[], [] as object[]];
  const late = new Map<Millis, Subject[]>();
  for (const [model, instants] of due) {
    for (const at of instants) {
      signal.throwIfAborted();
      const again = await measureAgain(group, model, at, instant, ports);
      rows.push(...again.rows);
      details.push(...again.details);
      late.set(at, [...(late.get(at) ?? []), ...again.subjects]);
      watch.computed(model, at, again.predictions.get(model) ?? 0);
    }
  }
  const windows = [...late].sort(([a], [b]) => a - b).map(([at, subjects]) => ({ instant: at, subjects }));
  return { late: windows, rows, details };
}

function lookOf(
  group: RuleGroup,
  instant: Millis,
  history: WindowHistory | undefined,
  ports: MeasurePorts,
): Look {
  const conditions = group.rules
    .filter(needsLabels)
    .flatMap(({ condition, require }) => [condition, require]);
  const limits = conditions.flatMap((known) => (known === undefined ? [] : ageLimits(known).limits));
  const models = watchedModels(group, limits, ports);
  return { instant, judged: history?.instants ?? [], models, ageLimits: limits };
}

function watchedModels(group: RuleGroup, limits: readonly Millis[], ports: MeasurePorts): WatchedModel[] {
  return ports.directory.models().flatMap((model) => {
    const { labels } = ports.policies(model);
    if (labels === undefined || !group.wantsModel(model)) return [];
    return [
      {
        model,
        // A window that a rule judges at an age is kept until then.
        horizon: Math.max(labels.horizon, ...limits.map((limit) => limit + group.window)),
        periodsAt: (at) => performancePeriods(group, model, at, ports),
      },
    ];
  });
}
