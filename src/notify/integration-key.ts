/** Names one configured way out of a receiver, in rows and metrics: `ml-team/slack/0`. */
export function integrationKey(receiver: string, type: string, index: number): string {
  return `${receiver}/${type}/${index}`;
}

/** The receiver's name as the user wrote it; names hold no slash. */
export function receiverName(key: string): string {
  return key.split('/', 1)[0] ?? key;
}
