import { didYouMean } from '../../base/nearest.ts';
import { parseTemplate, renderTemplate, type Template } from '../../rules/template.ts';
import { digestOf } from '../message/digest.ts';
import { plainMessage } from '../message/plain-message.ts';
import type { AlertNotification } from '../notification.ts';
import { type AlertsBody, alertsBody } from '../webhook-body.ts';

/** What a user writes as a body: a text, or any YAML in which each text is a template. */
export type TemplateText =
  | string
  | number
  | boolean
  | null
  | readonly TemplateText[]
  | { readonly [key: string]: TemplateText };

/** The same, read and checked. A text that is one name and nothing else stands for the value itself, be it a list. */
type Node =
  | { readonly kind: 'value'; readonly name: string }
  | { readonly kind: 'text'; readonly template: Template }
  | { readonly kind: 'list'; readonly items: readonly Node[] }
  | { readonly kind: 'object'; readonly entries: ReadonlyArray<readonly [key: string, node: Node]> }
  | { readonly kind: 'constant'; readonly value: number | boolean | null };

/** A body of the user's own: a structure is sent as JSON, a text as it is. */
export interface BodyTemplate {
  /** So that two templates can be told apart: a function cannot be compared. */
  readonly written: TemplateText;
  readonly contentType: string;
  readonly render: (notification: AlertNotification) => string;
}

interface TemplateFault {
  readonly path: ReadonlyArray<string | number>;
  readonly message: string;
}

/** What a name stands for. `body` is what receivers get that have no template. */
type Variable = (parts: {
  readonly notification: AlertNotification;
  readonly body: AlertsBody['data'];
}) => unknown;

const VARIABLES: Readonly<Record<string, Variable>> = {
  id: ({ body }) => body.id,
  receiver: ({ body }) => body.receiver,
  status: ({ body }) => body.status,
  title: ({ notification }) => {
    const { subject, state } = digestOf(notification);
    return `${subject}: ${state}`;
  },
  text: ({ notification }) => plainMessage(digestOf(notification)),
  summary: ({ body }) => body.alerts[0]?.annotations['summary'] ?? '',
  severity: ({ notification }) => digestOf(notification).severity ?? '',
  rule_group: ({ body }) => body.rule_group,
  link: ({ body }) => body.link,
  timestamp: ({ notification }) => new Date(notification.at).toISOString(),
  window_from: ({ body }) => body.window.from,
  window_to: ({ body }) => body.window.to,
  firing: ({ body }) => body.alerts.filter(({ status }) => status === 'firing').length,
  resolved: ({ body }) => body.alerts.filter(({ status }) => status === 'resolved').length,
  group_labels: ({ body }) => body.group_labels,
  alerts: ({ body }) => body.alerts,
};

/** `labels.team`: a label that all alerts of the message have in common. */
const LABEL = /^labels\.([a-zA-Z_]\w*)$/;
const ONE_NAME = /^\{\{\s*([^{}]*?)\s*\}\}$/;

export function parseBodyTemplate(
  written: TemplateText,
): { readonly template: BodyTemplate } | { readonly faults: readonly TemplateFault[] } {
  const faults: TemplateFault[] = [];
  const node = parseNode(written, [], faults);
  if (faults.length > 0) return { faults };
  return {
    template:
      node.kind === 'text' || node.kind === 'value'
        ? {
            written,
            contentType: 'text/plain; charset=utf-8',
            render: (notification) => textOf(fill(node, notification)),
          }
        : {
            written,
            contentType: 'application/json',
            render: (notification) => JSON.stringify(fill(node, notification)),
          },
  };
}

function parseNode(written: TemplateText, path: TemplateFault['path'], faults: TemplateFault[]): Node {
  if (typeof written === 'string') return parseText(written, path, faults);
  if (typeof written !== 'object' || written === null) return { kind: 'constant', value: written };
  if (Array.isArray(written)) {
    const list: readonly TemplateText[] = written;
    return { kind: 'list', items: list.map((item, i) => parseNode(item, [...path, i], faults)) };
  }
  const entries = Object.entries(written).map(
    ([key, item]) => [key, parseNode(item, [...path, key], faults)] as const,
  );
  return { kind: 'object', entries };
}

function parseText(text: string, path: TemplateFault['path'], faults: TemplateFault[]): Node {
  const { template, faults: found } = parseTemplate(text, explain);
  faults.push(...found.map(({ message }) => ({ path, message })));
  const name = ONE_NAME.exec(text)?.[1];
  return name === undefined ? { kind: 'text', template } : { kind: 'value', name };
}

function explain(name: string): string | undefined {
  if (Object.hasOwn(VARIABLES, name) || LABEL.test(name)) return undefined;
  return `unknown name "${name}"${didYouMean(name, Object.keys(VARIABLES))}; known are ${Object.keys(VARIABLES).join(', ')} and labels.NAME`;
}

function fill(node: Node, notification: AlertNotification): unknown {
  const { data: body } = alertsBody(notification);
  const lookUp = (name: string): unknown => {
    const label = LABEL.exec(name)?.[1];
    return label === undefined ? VARIABLES[name]?.({ notification, body }) : commonLabel(notification, label);
  };
  const visit = (at: Node): unknown => {
    switch (at.kind) {
      case 'value':
        return lookUp(at.name);
      case 'text':
        return renderTemplate(at.template, (name) => textOf(lookUp(name)));
      case 'list':
        return at.items.map(visit);
      case 'object':
        return Object.fromEntries(at.entries.map(([key, item]) => [key, visit(item)]));
      case 'constant':
        return at.value;
    }
  };
  return visit(node);
}

function commonLabel({ alerts }: AlertNotification, name: string): string {
  const values = new Set(alerts.map(({ labels }) => labels[name] ?? ''));
  const [value = ''] = values;
  return values.size === 1 ? value : '';
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
