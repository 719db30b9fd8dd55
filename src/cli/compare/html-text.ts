import { escapeHtml } from '../../base/escape-html.ts';
import { plainFileText } from './plain-text.ts';

/**
 * A text from a file as HTML: escaped, and kept apart from the direction of the text around it. A line may break after an
 * underscore, a slash or the dot of a name.
 */
export function fileText(text: string, most?: number): string {
  return `<bdi>${escapeHtml(plainFileText(text, most)).replaceAll(/[_/](?=\w)|\.(?=[a-z])/gi, '$&<wbr>')}</bdi>`;
}
