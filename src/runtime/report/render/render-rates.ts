import type { RateSearch } from '../../training/rate-search.js';
import type { Chart } from '../chart.js';
import type { ChartLibrary } from './chart-library.js';
import { chartPanel } from './chart-place.js';
import { renderDocument } from './document.js';
import { html, type Html } from './html.js';

/** What the page says beside the search itself. */
export interface RatesPage {
  readonly model: string;
  /** The learning rate of the recipe. */
  readonly own: number;
  readonly batch: number;
}

/** The search for a learning rate, as a page that is whole in itself. */
export function renderRates(
  search: RateSearch,
  { model, own, batch }: RatesPage,
  library: ChartLibrary,
): string {
  const { points, steepest, lowest, broken } = search;
  const charts = [chartOf(search)];
  const body = html`<main>
    <header>
      <p class="kind">Learning rate</p>
      <h1>${steepest === undefined ? 'None suggested' : shortRate(steepest.rate)}</h1>
      <p class="model">${model}, ${points.length} steps with a batch of ${batch}</p>
    </header>
    <dl class="facts">
      ${fact('steepest fall', steepest && shortRate(steepest.rate))}
      ${fact('lowest loss', shortRate(lowest.rate))}
      ${fact('broken at', broken === undefined ? undefined : shortRate(broken))}
      ${fact('in the recipe', shortRate(own))}
    </dl>
    <p class="note">
      The rate grew by a constant factor from step to step. The smoothed loss is fitted to the
      losses of near rates; the rate suggested is where it falls fastest.
    </p>
    <div class="charts">${charts.map(chartPanel)}</div>
  </main>`;
  return renderDocument(
    { title: `Learning rate of ${model}`, body, charts, isLive: false },
    library,
  );
}

/** Two digits that count: more say nothing. */
export const shortRate = (rate: number): string => {
  const short = Number(rate.toPrecision(2));
  return short >= 1e-4 && short < 1e4 ? String(short) : short.toExponential();
};

const fact = (name: string, value: string | undefined): Html =>
  html`<div>
    <dt>${name}</dt>
    <dd>${value ?? '\u2013'}</dd>
  </div>`;

/** What breaks at last runs out of the chart, for it would make all else flat. */
function chartOf({ points, lowest }: RateSearch): Chart {
  const before = points.slice(0, points.indexOf(lowest) + 1).map(({ smoothed }) => smoothed);
  const losses = points.map(({ loss }) => loss);
  const [low, high] = [Math.min(...losses, ...before), Math.max(...before)];
  const margin = 0.25 * (high - low);
  return {
    ...{ id: 'rates', title: 'Loss by learning rate' },
    y: margin > 0 ? { range: [low - margin / 4, high + margin] } : {},
    x: {
      label: 'learning rate, as a power of ten',
      values: points.map(({ rate }) => Math.log10(rate)),
    },
    series: [
      {
        label: 'smoothed',
        values: points.map(({ smoothed }) => smoothed),
        colour: 0,
        line: 'solid',
      },
      { label: 'batch', values: losses, colour: 6, line: 'faint' },
    ],
  };
}
