import { escapeHtml } from '../base/escape-html.ts';
import type { AlertView } from '../pipeline/alert-view.ts';
import type { RetrainView } from '../pipeline/retraining/retrain-view.ts';
import { alertTable } from './alert-table.ts';
import { htmlTable } from './html-table.ts';
import { retrainTable } from './retrain-table.ts';
import type { AcknowledgementJson, SilenceJson } from './suppression-json.ts';
import { acknowledgementTable, silenceTable } from './suppression-tables.ts';

export interface StatusView {
  readonly version: string;
  readonly startedAt: string;
  readonly evaluating: boolean;
  readonly checks: Readonly<Record<string, string>>;
  readonly models: readonly ModelView[];
  readonly ruleGroups: ReadonlyArray<{ readonly name: string; readonly evaluatedUpTo: string }>;
  readonly alerts: readonly AlertView[];
  /** Those that have not ended. */
  readonly silences: readonly SilenceJson[];
  readonly acknowledgements: readonly AcknowledgementJson[];
}

interface ModelView {
  readonly model: string;
  readonly baseline: string;
  /** Undefined for a model without labels, and before they were first counted. */
  readonly labels?:
    | {
        readonly labelled: number;
        readonly predictionsWithoutLabel: number;
        readonly labelsWithoutPrediction: number;
      }
    | undefined;
}

/**
 * The page at /: what is watched and what is wrong, without a line of script.
 *
 * @param retrains the newest requests for new models.
 */
export function statusPage(view: StatusView, retrains: readonly RetrainView[]): string {
  const firing = view.alerts.filter(({ status }) => status === 'firing');
  const held = firing.filter(({ state }) => state === 'suppressed').length;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>driftd</title><meta http-equiv="refresh" content="15">
<style>
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}
th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid #d8dee4;vertical-align:top}
th{font-weight:600;color:#57606a}.firing{color:#b42318;font-weight:600}.pending{color:#9a6700}.quiet{color:#57606a}small{color:#57606a}code{font-size:.9em}
</style></head><body>
<h1>driftd ${escapeHtml(view.version)}</h1>
<p>${firing.length === 0 ? 'No alert fires.' : `${firing.length} alert${firing.length === 1 ? '' : 's'} firing${held === 0 ? '' : `, ${held} of them not told`}.`}
Up since ${escapeHtml(view.startedAt)}. ${view.evaluating ? 'This instance evaluates the rules.' : 'Another instance evaluates the rules.'}</p>
<h2>Alerts</h2>${alertTable(view.alerts, view.acknowledgements)}
<h2>Silences</h2>${silenceTable(view.silences)}
<h2>Acknowledgements</h2>${acknowledgementTable(view.acknowledgements)}
<h2>Retraining</h2>${retrainTable(retrains)}
<h2>Models</h2>${htmlTable(
    ['model', 'baseline', 'labels'],
    view.models.map(({ model, baseline, labels }) => [
      escapeHtml(model),
      `<code>${escapeHtml(baseline)}</code>`,
      labelsText(labels),
    ]),
  )}
<h2>Rule groups</h2>${htmlTable(
    ['group', 'evaluated up to (UTC)'],
    view.ruleGroups.map(({ name, evaluatedUpTo }) => [escapeHtml(name), escapeHtml(evaluatedUpTo)]),
  )}
<h2>Dependencies</h2>${htmlTable(
    ['name', 'state'],
    Object.entries(view.checks).map(([name, detail]) => [escapeHtml(name), escapeHtml(detail)]),
  )}
<p><a href="metrics">/metrics</a> · <a href="readyz">/readyz</a> · <a href="api/v1/alerts">/api/v1/alerts</a> · <a href="api/v1/status">/api/v1/status</a></p>
</body></html>`;
}

function labelsText(labels: ModelView['labels']): string {
  if (labels === undefined) return '';
  const { labelled, predictionsWithoutLabel, labelsWithoutPrediction } = labels;
  return `${labelled} predictions with a label, ${predictionsWithoutLabel} without; ${labelsWithoutPrediction} labels without a prediction`;
}
