import type { LiveState } from '../chart.js';
import type { RunReport } from '../run-report.js';
import { reliabilityChart, renderCalibration } from './calibration.js';
import type { ChartLibrary } from './chart-library.js';
import { chartPanel } from './chart-place.js';
import { chartsOfRun } from './charts.js';
import { renderClasses } from './classes.js';
import { renderConfusion } from './confusion.js';
import { renderDocument } from './document.js';
import { renderData, renderSettings, timings } from './facts.js';
import { html, type Html } from './html.js';
import { renderNetwork } from './network.js';
import { counted, decimal, duration, short } from './numbers.js';
import { renderObjects } from './objects.js';
import { renderTargets } from './targets.js';
import { renderImageTable, renderSamples } from './samples.js';

/** How far a training is. */
type Progress = Pick<LiveState, 'status' | 'done'>;

/**
 * The report of one run as a page that is whole in itself.
 *
 * @param live how the training goes, where the page is served meanwhile.
 */
export function renderRun(run: RunReport, library: ChartLibrary, live?: Progress): string {
  const { evaluation } = run;
  const charts = chartsOfRun(run);
  const reliability = evaluation && reliabilityChart(evaluation);
  const body = html`<main>
    ${renderHeader(run)} ${live === undefined ? html`` : renderProgress(live)}
    <section aria-labelledby="h-curves">
      <h2 id="h-curves">Training</h2>
      ${run.curves.epochs.length === 0 ? html`<p class="note">No epoch has ended yet.</p>` : html``}
      ${renderChanges(run)}
      <div class="charts" id="curves">${charts.map(chartPanel)}</div>
    </section>
    ${
      evaluation === undefined
        ? renderNotEvaluated(run)
        : html` <section aria-labelledby="h-evaluation">
              <h2 id="h-evaluation">Validation</h2>
              <p class="note">
                What the weights of epoch ${evaluation.epoch}, the best one, do on the
                ${evaluation.images.length} validation images. Loss ${decimal(evaluation.loss)}.
              </p>
              ${renderClasses(evaluation)} ${renderObjects(evaluation)} ${renderTargets(evaluation)}
              <div class="columns">
                ${renderConfusion(evaluation)}${renderCalibration(evaluation)}
              </div>
            </section>
            ${renderSamples(evaluation)} ${renderImageTable(evaluation)}`
    }
    ${run.network === undefined ? html`` : renderNetwork(run.network)} ${renderData(run)}
    <section aria-labelledby="h-run">
      <h2 id="h-run">Run</h2>
      <div class="columns">
        <div>
          <h3>Settings</h3>
          ${renderSettings(run.settings)}
        </div>
        <div>
          <h3>Environment</h3>
          ${renderSettings(run.environment)}
          <h3>Times</h3>
          ${renderSettings(timings(run))}
        </div>
      </div>
      <h3>Spec</h3>
      <pre class="spec"><code>${run.spec}</code></pre>
    </section>
  </main>`;
  const title = `${run.name}: ${run.model}`;
  const all = [...charts, ...(reliability === undefined ? [] : [reliability])];
  return renderDocument({ title, body, charts: all, isLive: live !== undefined }, library);
}

/** The page of a training that has not begun its first step. */
export function renderWaiting(progress: Progress, library: ChartLibrary, isLive: boolean): string {
  const body = html`<main>
    <header><h1>Training</h1></header>
    ${renderProgress(progress)}
  </main>`;
  return renderDocument({ title: 'Training', body, charts: [], isLive }, library);
}

function renderHeader(run: RunReport): Html {
  const { best, progress, curves, network, evaluation } = run;
  const seconds = curves.seconds.reduce((sum, each) => sum + each, 0);
  const facts: readonly (readonly [string, string] | undefined)[] = [
    best && [`${best.metric}, epoch ${best.epoch}`, decimal(best.value)],
    best && ['validation loss', decimal(best.validationLoss)],
    ['epochs', `${progress.epochs} of ${progress.planned}`],
    network && ['parameters', short(network.summary.parameters.total)],
    evaluation && ['validation images', counted(evaluation.images.length)],
    seconds === 0 ? undefined : ['training time', duration(seconds)],
  ];
  return html`<header>
    <p class="kind">Training report</p>
    <h1>${run.name}</h1>
    <p class="model">${run.model}</p>
    <dl class="headline">
      ${facts.map((fact) =>
        fact === undefined
          ? html``
          : html`<div>
              <dt>${fact[0]}</dt>
              <dd>${fact[1]}</dd>
            </div>`,
      )}
    </dl>
  </header>`;
}

function renderProgress({ status, done }: Progress): Html {
  return html`<section class="live" aria-live="polite">
    <progress id="done" max="1" value="${done}"></progress>
    <p id="status">${status}</p>
  </section>`;
}

function renderChanges({ curves }: RunReport): Html {
  if (curves.changes.length === 0) return html``;
  return html`<ul class="note">
    ${curves.changes.map(({ epoch, what }) => html`<li>changed before epoch ${epoch}: ${what.join('; ')}</li>`)}
  </ul>`;
}

function renderNotEvaluated({ best }: RunReport): Html {
  const why =
    best === undefined
      ? 'There is no best epoch yet.'
      : 'The best weights were not evaluated: "unetc report" does it where the data are.';
  return html`<section>
    <h2>Validation</h2>
    <p class="note">${why}</p>
  </section>`;
}
