import type { RunReport } from '../run-report.js';
import { differingSettings } from './differing-settings.js';
import type { ChartLibrary } from './chart-library.js';
import { chartPanel } from './chart-place.js';
import { chartsOfRuns } from './charts.js';
import { renderDocument } from './document.js';
import { html, type Html } from './html.js';
import { decimal, duration, short } from './numbers.js';

/** Several runs side by side, as a page that is whole in itself. */
export function renderComparison(runs: readonly RunReport[], library: ChartLibrary): string {
  const charts = chartsOfRuns(runs);
  const title = `${runs.length} runs: ${runs.map(({ name }) => name).join(', ')}`;
  const body = html`<main>
    <header>
      <p class="kind">Comparison</p>
      <h1>${runs.length} runs</h1>
      <p class="model">
        ${runs.map(({ name }, at) => html`<span class="run">${mark(at)}${name}</span>`)}
      </p>
    </header>
    <section aria-labelledby="h-results">
      <h2 id="h-results">Results</h2>
      ${renderResults(runs)} ${renderClassTable(runs)}
    </section>
    <section aria-labelledby="h-differences">
      <h2 id="h-differences">Settings that differ</h2>
      ${renderDifferences(runs)}
    </section>
    <section aria-labelledby="h-curves">
      <h2 id="h-curves">Training</h2>
      <div class="charts">${charts.map(chartPanel)}</div>
    </section>
    ${renderSpecs(runs)}
  </main>`;
  return renderDocument({ title, body, charts, isLive: false }, library);
}

/** The colour of a run in all charts. */
const mark = (at: number): Html => html`<span class="mark" data-colour="${at}"></span>`;

function renderResults(runs: readonly RunReport[]): Html {
  const names = [
    ...new Set(
      runs.flatMap(({ evaluation, curves }) => [
        ...Object.keys(evaluation?.metrics ?? {}),
        ...curves.metrics.map(({ name }) => name),
      ]),
    ),
  ];
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th>run</th>
          <th>model</th>
          ${names.map((name) => html`<th class="number">${name}</th>`)}
          <th class="number">validation loss</th>
          <th class="number">best epoch</th>
          <th class="number">epochs</th>
          <th class="number">parameters</th>
          <th class="number">multiply-adds</th>
          <th class="number">time</th>
        </tr>
      </thead>
      <tbody>
        ${runs.map((run, at) => renderResult(run, at, names))}
      </tbody>
    </table>
  </div>`;
}

function renderResult(run: RunReport, at: number, names: readonly string[]): Html {
  const { name, model, best, progress, network, curves } = run;
  const seconds = curves.seconds.reduce((sum, each) => sum + each, 0);
  return html`<tr>
    <td>${mark(at)}${name}</td>
    <td>${model}</td>
    ${names.map((metric) => html`<td class="number">${decimal(atBest(run, metric))}</td>`)}
    <td class="number">${decimal(best?.validationLoss)}</td>
    <td class="number">${best?.epoch ?? '\u2013'}</td>
    <td class="number">${progress.epochs} of ${progress.planned}</td>
    <td class="number">
      ${network === undefined ? '\u2013' : short(network.summary.parameters.total)}
    </td>
    <td class="number">${network === undefined ? '\u2013' : short(network.summary.macs)}</td>
    <td class="number">${duration(seconds)}</td>
  </tr>`;
}

/** A metric of the best epoch. */
function atBest({ curves, best }: RunReport, metric: string): number | null {
  const curve = curves.metrics.find(({ name }) => name === metric);
  return curve?.mean[curves.epochs.indexOf(best?.epoch ?? 0)] ?? null;
}

/** The first metric of each class in the best epochs. */
function renderClassTable(runs: readonly RunReport[]): Html {
  const [first] = runs.flatMap(({ curves }) => curves.metrics);
  const classes = [...new Set(runs.flatMap((run) => run.classes))];
  if (first === undefined || classes.length === 0) return html``;
  const valueOf = ({ curves, best, classes: own }: RunReport, name: string): number | null => {
    const curve = curves.metrics.find((metric) => metric.name === first.name);
    const values = curve?.classes[own.indexOf(name)];
    return values?.[curves.epochs.indexOf(best?.epoch ?? 0)] ?? null;
  };
  return html`<h3>${first.name} by class, best epoch</h3>
    <div class="scroll">
      <table class="narrow">
        <thead>
          <tr>
            <th>class</th>
            ${runs.map(({ name }, at) => html`<th class="number">${mark(at)}${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${classes.map(
            (name) =>
              html`<tr>
                <td>${name}</td>
                ${runs.map((run) => html`<td class="number">${decimal(valueOf(run, name))}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

function renderDifferences(runs: readonly RunReport[]): Html {
  const rows = differingSettings(runs);
  if (rows.length === 0) return html`<p class="note">None: these are repetitions.</p>`;
  return html`<div class="scroll">
    <table class="settings">
      <thead>
        <tr>
          <th>setting</th>
          ${runs.map(({ name }, at) => html`<th>${mark(at)}${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ name, values }) =>
            html`<tr>
              <th scope="row">${name}</th>
              ${values.map((value) => html`<td>${value ?? '\u2013'}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function renderSpecs(runs: readonly RunReport[]): Html {
  const texts = new Map<string, string[]>();
  for (const { spec, name } of runs) texts.set(spec, [...(texts.get(spec) ?? []), name]);
  return html`<section aria-labelledby="h-specs">
    <h2 id="h-specs">${texts.size === 1 ? 'Spec' : 'Specs'}</h2>
    ${[...texts].map(
      ([spec, names]) =>
        html`<details>
          <summary>${names.join(', ')}</summary>
          <pre class="spec"><code>${spec}</code></pre>
        </details>`,
    )}
  </section>`;
}
