import {
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** Gaps shorter than this are bridged, longer ones are shown: a window without data must not look like a steady value. */
const BRIDGED_GAP_MS = 3 * 3_600_000;

/** One line per series, with a legend that can be sorted and a tooltip that lists all of them, largest first. */
export function lines(title: string, description: string): PanelBuilder {
  return graph(title, description)
    .drawStyle(GraphDrawStyle.Line)
    .lineWidth(1)
    .fillOpacity(0)
    .pointSize(4)
    .showPoints(VisibilityMode.Auto)
    .spanNulls(BRIDGED_GAP_MS);
}

/** Counts, stacked. The narrowest bar is a default pane, so that no pane falls between two bars. */
export function stackedBars(title: string, description: string): PanelBuilder {
  return graph(title, description)
    .drawStyle(GraphDrawStyle.Bars)
    .lineWidth(0)
    .fillOpacity(80)
    .showPoints(VisibilityMode.Never)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'))
    .interval('5m')
    .unit('short')
    .decimals(0)
    .min(0);
}

function graph(title: string, description: string): PanelBuilder {
  return new PanelBuilder()
    .title(title)
    .description(description)
    .displayName(`\${__field.labels.series}`)
    .legend(legend(['lastNotNull', 'max']))
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
}

function legend(calcs: string[]): VizLegendOptionsBuilder {
  return new VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(LegendDisplayMode.Table)
    .placement(LegendPlacement.Right)
    .calcs(calcs)
    .sortBy('Max')
    .sortDesc(true);
}
