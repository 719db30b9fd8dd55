import { fileURLToPath } from 'node:url';

export const RETRAINING_TARGET = 'fraud-pipeline';

const RULES = fileURLToPath(new URL('../../../rules/default.yaml', import.meta.url));
/** The first line of the file; a folder with it was made by a demo. */
export const DEMO_MARK = '# Written by driftd demo.';

const SECRET = 'demo-secret';

/** The configuration of the demo, as a user would write it; it stays in the demo's folder to be looked at. */
export function demoConfig(): { secret: string; text: (sinkUrl: string) => string } {
  return {
    secret: SECRET,
    text: (sinkUrl) => `${DEMO_MARK} Try, in its folder: driftd baseline list --config driftd.yaml
store:
  path: ${JSON.stringify('./store')}
models:
  fraud:
    positive: fraud
    labels:
      delay: 5h
    segments: [country] # where it goes wrong is looked for by its values
    pane: 1h # as long as the windows of the rules, since there are many segments
rules:
  - ${JSON.stringify(RULES)}
receivers:
  - name: ml-team
    slack_configs:
      - api_url: ${sinkUrl}/slack
route:
  receiver: ml-team
retraining:
  - name: ${RETRAINING_TARGET}
    webhook:
      url: ${sinkUrl}/retrain
      secret: ${SECRET}
`,
  };
}
