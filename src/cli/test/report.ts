import { formatDuration } from '../../base/duration.ts';
import type { Mismatch } from '../../pipeline/rule-test/run-rule-test.ts';
import type { Alert } from '../../rules/alert.ts';
import type { ExpectedAlert, Place } from '../../rules/unit-test/rule-test.ts';
import type { TestResult } from './run-test-files.ts';

/** What a person wants to know of a run: one line for a test that passed, and all that is wrong with one that did not. */
export function testReport(results: readonly TestResult[]): string {
  const failed = results.filter(({ mismatches }) => mismatches.length > 0).length;
  const time = results.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return [
    ...results.flatMap(resultLines),
    '',
    `${results.length - failed} passed, ${failed} failed in ${Math.round(time)} ms`,
  ].join('\n');
}

function resultLines({ test, mismatches, milliseconds }: TestResult): string[] {
  const title = `${placeText(test.place)}: ${test.name}`;
  if (mismatches.length === 0) return [`ok    ${title} (${Math.round(milliseconds)} ms)`];
  return [`FAIL  ${title}`, ...mismatches.flatMap(mismatchLines)];
}

function mismatchLines({ expectation, missing, unexpected, different }: Mismatch): string[] {
  const { at, place } = expectation;
  return [
    `      at ${formatDuration(at)} (${placeText(place)})`,
    ...missing.flatMap(({ expected, why }) => [
      `        - ${expectedText(expected)}`,
      `          is not there: ${why}`,
    ]),
    ...unexpected.map((alert) => `        + ${alertText(alert)}`),
    ...different.flatMap(({ expected, found, differences }) => [
      `          ${alertText({ ...found, labels: { ...found.labels, alertname: expected.alert } })}`,
      ...differences.flatMap(({ what, expected: wanted, found: actual }) => [
        `        - ${what}: ${wanted}`,
        `        + ${what}: ${actual ?? '(none)'}`,
      ]),
    ]),
  ];
}

function expectedText({ alert, state, labels }: ExpectedAlert): string {
  return `${alert} ${state}${labelsText(labels)}`;
}

function alertText({ labels, status }: Pick<Alert, 'labels' | 'status'>): string {
  const { alertname = '', ...others } = labels;
  return `${alertname} ${status}${labelsText(others)}`;
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  const texts = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return texts.length === 0 ? '' : ` {${texts.join(', ')}}`;
}

function placeText({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

/** The same for programs: one object. */
export function testReportJson(results: readonly TestResult[]): string {
  const failed = results.filter(({ mismatches }) => mismatches.length > 0).length;
  return JSON.stringify({
    passed: results.length - failed,
    failed,
    tests: results.map(({ test, mismatches, milliseconds }) => ({
      ...test.place,
      name: test.name,
      passed: mismatches.length === 0,
      milliseconds: Math.round(milliseconds),
      mismatches: mismatches.map(({ expectation, missing, unexpected, different }) => ({
        ...expectation.place,
        at: formatDuration(expectation.at),
        missing: missing.map(({ expected, why }) => ({ ...expected, why })),
        unexpected: unexpected.map(alertJson),
        different: different.map(({ expected, found, differences }) => ({
          expected,
          found: alertJson(found),
          differences: differences.map((difference) => ({ ...difference, found: difference.found ?? null })),
        })),
      })),
    })),
  });
}

function alertJson({ labels, annotations, status, values }: Alert): object {
  return { state: status, labels, annotations, values };
}
