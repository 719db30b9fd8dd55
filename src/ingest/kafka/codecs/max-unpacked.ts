/** Bytes that a batch may become when it is unpacked; one that becomes more is no honest one. */
export const MAX_UNPACKED = 256 * 1024 * 1024;
