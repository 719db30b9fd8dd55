/** Longest name of a feature, in UTF-16 units. */
const NAME_LENGTH = 256;

/** The empty name stands for the model as a whole, and the store takes no text with half a surrogate pair. */
export function isFeatureName(name: string): boolean {
  return name !== '' && name.length <= NAME_LENGTH && name.isWellFormed();
}
