/** What stands for the cell of a row without a value: null, or the feature is not there. */
export const MISSING = -1;
/** What stands for the cell of a row whose value has the wrong type. */
export const INVALID = -2;
