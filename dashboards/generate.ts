import { overviewDashboard } from './overview.ts';

interface DashboardFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** The JSON files that Grafana reads, made from the code in this folder. */
export function dashboardFiles(): DashboardFile[] {
  return [{ path: 'dashboards/overview.json', text: `${JSON.stringify(overviewDashboard(), null, 2)}\n` }];
}
