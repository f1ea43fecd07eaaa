import type { Reliability, StoredEvaluation } from '../../runs/evaluation-file.js';
import type { Chart, ChartSeries } from '../chart.js';
import { html, type Html } from './html.js';
import { decimal } from './numbers.js';
import { chartPlace } from './chart-place.js';

/**
 * The reliability diagram: how often predictions of each probability are right. Of a head of
 * several channels it is of the likeliest class of each pixel; each class has its error beside it.
 */
export function reliabilityChart({ calibration, classes }: StoredEvaluation): Chart | undefined {
  const shown = calibration[0]?.class === null ? calibration.slice(0, 1) : calibration;
  if (shown.length === 0) return undefined;
  const count = shown[0]!.bins.length;
  const edges = Array.from({ length: count + 1 }, (_, at) => at / count);
  const points = shown.flatMap(({ bins }) => bins.flatMap((bin) => bin?.probability ?? []));
  const values = [...new Set([...edges, ...points])].sort((a, b) => a - b);
  return {
    id: 'reliability',
    title: 'Reliability',
    x: { label: 'predicted probability', values },
    y: { range: [0, 1] },
    series: [
      { label: 'as it should be', values, colour: -1, line: 'dashed' },
      ...shown.map((each, at) => lineOf(each, values, labelOf(each, classes), at)),
    ],
  };
}

function lineOf(
  { bins }: Reliability,
  x: readonly number[],
  label: string,
  colour: number,
): ChartSeries {
  const right = new Map(
    bins.flatMap((bin) => (bin === null ? [] : [[bin.probability, bin.right]])),
  );
  return { label, values: x.map((at) => right.get(at) ?? null), colour, line: 'points' };
}

const labelOf = ({ class: found }: Reliability, classes: readonly string[]): string =>
  found === null ? 'likeliest class' : (classes[found] ?? `class ${found}`);

/** The diagram, with the calibration error of each class. */
export function renderCalibration(evaluation: StoredEvaluation): Html {
  const chart = reliabilityChart(evaluation);
  if (chart === undefined) return html``;
  return html`<section class="panel" aria-labelledby="h-reliability">
    <h3 id="h-reliability">Calibration</h3>
    <p class="note">
      How often predictions of each probability are right. On the dashed line, probabilities can be
      taken at their word; below it the network is too sure of itself.
    </p>
    ${chartPlace(chart, 'square')}
    <table class="narrow">
      <thead>
        <tr>
          <th>class</th>
          <th class="number">expected calibration error</th>
        </tr>
      </thead>
      <tbody>
        ${evaluation.calibration.map(
          (each) =>
            html`<tr>
              <td>${labelOf(each, evaluation.classes)}</td>
              <td class="number">${decimal(each.error)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}
