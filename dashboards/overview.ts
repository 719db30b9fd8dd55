import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  type Panel,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { OVERVIEW_UID } from '../src/pipeline/links.ts';
import { overviewAnnotations } from './annotations.ts';
import { DATASOURCE } from './clickhouse-query.ts';
import { alertPanels } from './panels/alerts.ts';
import { deliveryPanels } from './panels/delivery.ts';
import { driftPanels } from './panels/drift.ts';
import { headlinePanels } from './panels/headline.ts';
import { modelsPanel } from './panels/models.ts';
import { performancePanels } from './panels/performance.ts';
import { overviewVariables } from './variables.ts';

/** The dashboard to begin with: is anything wrong, with which model, since when, and what did driftd do about it. */
export function overviewDashboard(): Dashboard {
  const dashboard = new DashboardBuilder('driftd / Overview')
    .uid(OVERVIEW_UID)
    .description(
      'Drift, performance and alerts of all models that driftd watches. Times are UTC, as in the alerts.',
    )
    .tags(['driftd'])
    .timezone('utc')
    .time({ from: 'now-24h', to: 'now' })
    .refresh('1m')
    .tooltip(DashboardCursorSync.Crosshair)
    .editable()
    .link(
      new DashboardLinkBuilder('driftd dashboards')
        .type(DashboardLinkType.Dashboards)
        .tags(['driftd'])
        .asDropdown(true)
        .includeVars(true)
        .keepTime(true),
    )
    .variables(overviewVariables())
    .annotations(overviewAnnotations());
  addPanels(dashboard, [...headlinePanels(), modelsPanel()]);
  addRow(dashboard, 'Alerts', alertPanels());
  addRow(dashboard, 'Drift', driftPanels());
  addRow(dashboard, 'Traffic and performance', performancePanels());
  addRow(dashboard, 'Rejects, notifications, retraining', deliveryPanels());
  return finished(dashboard.build());
}

/** What the builders leave open or fill in unasked. */
function finished(dashboard: Dashboard): Dashboard {
  dashboard.panels?.forEach((panel, index) => {
    // Links to a single panel carry its id, so ids must not depend on chance.
    panel.id = index + 1;
    if (panel.type !== 'row') panel.datasource = DATASOURCE;
  });
  // The builders hide both in a menu; they belong where one sees them.
  for (const item of [...(dashboard.links ?? []), ...(dashboard.annotations.list ?? [])])
    delete item.placement;
  return dashboard;
}

function addRow(dashboard: DashboardBuilder, title: string, panels: Builder<Panel>[]): void {
  dashboard.withRow(new RowBuilder(title));
  addPanels(dashboard, panels);
}

function addPanels(dashboard: DashboardBuilder, panels: Builder<Panel>[]): void {
  for (const panel of panels) dashboard.withPanel(panel);
}
