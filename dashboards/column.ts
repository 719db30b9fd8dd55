import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  BarGaugeDisplayMode,
  BarGaugeValueMode,
  TableCellDisplayMode,
} from '@grafana/grafana-foundation-sdk/common';
import {
  type DynamicConfigValue,
  MappingType,
  type ThresholdsConfig,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';

// Properties of a column of a table, for overrideByName.

export function width(pixels: number): DynamicConfigValue {
  return { id: 'custom.width', value: pixels };
}

export function unit(name: string): DynamicConfigValue {
  return { id: 'unit', value: name };
}

export function link(title: string, url: string): DynamicConfigValue {
  return { id: 'links', value: [{ title, url }] };
}

/** The cell's text takes the colour of its threshold or mapping. */
export const COLOURED_TEXT: DynamicConfigValue = {
  id: 'custom.cellOptions',
  value: { type: TableCellDisplayMode.ColorText },
};

/** A bar from 0 to `max` beside the number. */
export function bar(max: number): DynamicConfigValue[] {
  const value = {
    type: TableCellDisplayMode.Gauge,
    mode: BarGaugeDisplayMode.Basic,
    valueDisplayMode: BarGaugeValueMode.Text,
  };
  return [
    { id: 'custom.cellOptions', value },
    { id: 'min', value: 0 },
    { id: 'max', value: max },
  ];
}

export function thresholds(config: Builder<ThresholdsConfig>): DynamicConfigValue {
  return { id: 'thresholds', value: config.build() };
}

/** Words or numbers of the store, as a person should read them. */
export function wording(
  words: Readonly<Record<string, readonly [text: string, color: string]>>,
): ValueMapping {
  const options = Object.entries(words).map(([value, [text, color]], index) => [
    value,
    { text, color, index },
  ]);
  return { type: MappingType.ValueToText, options: Object.fromEntries(options) };
}

export function mapping(words: ValueMapping): DynamicConfigValue {
  return { id: 'mappings', value: [words] };
}
