import type { Millis } from '../../base/clock.ts';
import { FEATURES } from './features.ts';
import { type FraudClass, MODEL, VERSION } from './fraud-model.ts';
import type { DrawnPrediction } from './prediction-stream.ts';

const KEYS = FEATURES.map(([name], position) => `${position === 0 ? '' : ','}${JSON.stringify(name)}:`);
const HEAD = `"model":${JSON.stringify(MODEL)},"version":${JSON.stringify(VERSION)}`;

/** Names predictions after their day, so that those of two days differ: `20260302-0000017`. */
export function predictionIds(day: Millis): (index: number) => string {
  const prefix = new Date(day).toISOString().slice(0, 10).replaceAll('-', '');
  return (index) => `${prefix}-${String(index).padStart(7, '0')}`;
}

/** A prediction as a producer logs it. Put together by hand: it is the same text that JSON.stringify makes, sooner. */
export function predictionText(id: string, { at, values, prediction, score }: DrawnPrediction): string {
  let features = '';
  for (let position = 0; position < KEYS.length; position += 1) {
    const value = values[position];
    // Categories are plain words: there is nothing in them to escape.
    features += typeof value === 'string' ? `${KEYS[position]}"${value}"` : `${KEYS[position]}${value}`;
  }
  const timestamp = new Date(at).toISOString();
  return `{"prediction_id":"${id}",${HEAD},"timestamp":"${timestamp}","features":{${features}},"prediction":"${prediction}","score":${score}}`;
}

export function labelText(id: string, label: FraudClass, at: Millis): string {
  return `{"prediction_id":"${id}","model":"${MODEL}","label":"${label}","timestamp":"${new Date(at).toISOString()}"}`;
}
