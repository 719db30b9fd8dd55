import type { OptionFault } from './option-references.ts';
import type { RetrainingTargetOptions } from './retraining-options.ts';

/** Retraining targets that no rule asks. @param asked the names that rules give. */
export function unusedTargets(
  targets: ReadonlyArray<Pick<RetrainingTargetOptions, 'name'>>,
  asked: ReadonlySet<string>,
): OptionFault[] {
  return targets.flatMap(({ name }, index) =>
    asked.has(name)
      ? []
      : [{ path: ['retraining', index, 'name'], message: `no rule asks the retraining target "${name}"` }],
  );
}
