import { escapeHtml } from '../base/escape-html.ts';
import type { RetrainView } from '../pipeline/retraining/retrain-view.ts';
import { htmlTable, timeText } from './html-table.ts';

/** Requests for new models, and where they stand. */
export function retrainTable(retrains: readonly RetrainView[]): string {
  return htmlTable(
    ['state', 'since (UTC)', 'model', 'version', 'target', 'new version', 'why', 'id'],
    retrains.map(({ id, state, since, model, version, target, new_version: newVersion, why, steps }) => [
      stateCell(state, steps.at(-1)?.reason ?? ''),
      timeText(since),
      escapeHtml(model),
      escapeHtml(version),
      escapeHtml(target),
      escapeHtml(newVersion ?? ''),
      escapeHtml(why.slice(0, 300)),
      `<code>${escapeHtml(id)}</code>`,
    ]),
  );
}

function stateCell(state: string, reason: string): string {
  const note = reason === '' ? '' : `<br><small>${escapeHtml(reason.slice(0, 500))}</small>`;
  return `${escapeHtml(state)}${note}`;
}
