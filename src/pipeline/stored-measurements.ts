import type { Baseline } from '../profile/baseline.ts';
import type { FeatureSpec } from '../profile/feature-spec.ts';
import type { Store } from '../store/client.ts';
import { errorChanges, observedErrors } from '../store/error-streams.ts';
import { errorSums } from '../store/error-sums.ts';
import { labelledCells } from '../store/labelled-cells.ts';
import { numberBias } from '../store/number-bias.ts';
import {
  mergedProfiles,
  mergedSegments,
  profiledPeriods,
  profiledSegments,
  profiledVersions,
} from '../store/profile-parts.ts';
import { segmentSizes } from '../store/segment-sizes.ts';
import type { BaselineDirectory } from './baseline-directory.ts';
import type { MeasurePorts } from './measure-ports.ts';
import type { ModelPolicies } from './model-policy.ts';

/** What windows are measured from, as the store has it. Reads, and writes nothing. */
export function storedMeasurements(
  store: Store,
  directory: BaselineDirectory,
  policies: ModelPolicies,
): MeasurePorts {
  return {
    directory,
    policies,
    mergedProfiles: (baseline, model, period, segment) =>
      mergedProfiles(store, { model, segment, baselineId: baseline.id, ...period }, specsOf(baseline)),
    segmentProfiles: (baseline, model, period, segments) =>
      mergedSegments(store, { model, segments, baselineId: baseline.id, ...period }, specsOf(baseline)),
    lastSeen: (model) => profiledPeriods(store, model),
    versionsIn: (model, period) => profiledVersions(store, { model, ...period }),
    segmentsIn: (baseline, model, period) =>
      profiledSegments(store, { model, baselineId: baseline.id, ...period }),
    labelledCells: (model, period, about) => labelledCells(store, { model, ...period }, about),
    numberBias: (model, period, slices) => numberBias(store, { model, ...period }, slices),
    errorSums: (model, period, slices) => errorSums(store, { model, ...period }, slices),
    segmentSizes: (model, period) => segmentSizes(store, { model, ...period }),
    observedErrors: (model, period) => observedErrors(store, { model, ...period }),
    errorChanges: (model, period) => errorChanges(store, { model, ...period }),
  };
}

function specsOf({ features }: Baseline): Map<string, FeatureSpec> {
  return new Map([...features].map(([name, { spec }]) => [name, spec]));
}
