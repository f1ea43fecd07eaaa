import type { Chart } from '../chart.js';
import { html, type Html } from './html.js';

/** The place where the page's script draws a chart. */
export function chartPlace({ id, title }: Chart, shape: 'wide' | 'square' = 'wide'): Html {
  return html`<div
    class="chart ${shape}"
    data-chart="${id}"
    role="img"
    aria-label="${title}"
  ></div>`;
}

/** A chart with its title. */
export function chartPanel(chart: Chart): Html {
  return html`<figure class="panel">
    <figcaption>${chart.title}</figcaption>
    ${chartPlace(chart)}
  </figure>`;
}
