import { createHash } from 'node:crypto';
import type { Chart } from '../chart.js';
import { pageScript, pageStyle } from '../page.generated.js';
import type { ChartLibrary } from './chart-library.js';
import { html, trusted, type Html } from './html.js';

/** A page before it is one: what its body shows, and the charts that its script draws. */
export interface PageContent {
  readonly title: string;
  readonly body: Html;
  readonly charts: readonly Chart[];
  /** Whether the page is served while its run is trained, and asks how it goes. */
  readonly isLive: boolean;
}

/**
 * A page that is whole in itself: style, script, charts and pictures are in it, and its policy
 * lets nothing else be loaded or run.
 */
export function renderDocument(
  { title, body, charts, isLive }: PageContent,
  library: ChartLibrary,
): string {
  const script = `${library.script}\n${pageScript}`;
  const digest = createHash('sha256').update(script).digest('base64');
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${digest}'`,
    "style-src 'unsafe-inline'",
    'img-src data:',
    `connect-src ${isLive ? "'self'" : "'none'"}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${trusted(library.style)}
${trusted(pageStyle)}</style>
</head>
<body${trusted(isLive ? ' data-live' : '')}>
${body}
<script type="application/json" id="charts">${inScript(charts)}</script>
<script>${trusted(script)}</script>
</body>
</html>
`.text;
}

/** JSON that no script element ends by. */
const inScript = (value: unknown): Html =>
  trusted(JSON.stringify(value).replace(/[<>\u2028\u2029]/g, escaped));

const escaped = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
