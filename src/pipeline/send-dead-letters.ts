import type { DeadLetterTopic } from '../ingest/kafka/dead-letter-topic.ts';
import type { Patience } from '../store/patience.ts';
import type { Bound } from '../telemetry/bounds.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { SendDeadLetters } from './dead-letters.ts';

/** Sends dead letters and waits while the brokers are away: none is left out, some may come twice. */
export function createSendDeadLetters(
  topic: DeadLetterTopic,
  patience: Patience,
  telemetry: Telemetry,
): SendDeadLetters {
  return async (letters, signal) => {
    const shortened = await patience(() => topic.send(letters), signal);
    for (const letter of letters) telemetry.deadLetters.inc({ topic: letter.topic });
    telemetry.overflow.inc({ bound: 'dead_letter_bytes' satisfies Bound }, shortened);
  };
}
