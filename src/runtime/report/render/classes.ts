import type { EvaluatedImage, StoredEvaluation } from '../../runs/evaluation-file.js';
import { html, trusted, type Html } from './html.js';
import { decimal } from './numbers.js';

/** Images shown as single points beside a class; of more, every so many. */
const mostPoints = 300;

/** Metrics by class, with the spread of the first one over the images. */
export function renderClasses(evaluation: StoredEvaluation): Html {
  const { metrics, classes, images } = evaluation;
  const names = Object.keys(metrics);
  const [first] = names;
  if (first === undefined) return html``;
  const top = Math.max(
    1,
    ...images.flatMap(({ metrics: own }) => own[first]?.classes.map((value) => value ?? 0) ?? []),
  );
  return html`<section class="panel" aria-labelledby="h-classes">
    <h3 id="h-classes">Metrics by class</h3>
    <p class="note">
      Numbers are over ${evaluation.confusion === null ? '' : 'all pixels of '}all validation images
      together. The strip shows <em>${first}</em> of every single image: a point each, the box from
      the first to the third quartile, a line at the median.
    </p>
    <div class="scroll">
      <table class="classes">
        <thead>
          <tr>
            <th>class</th>
            ${names.map((name) => html`<th class="number">${name}</th>`)}
            <th class="strip">
              <span class="axis"
                ><span>0</span><span>${first} by image</span
                ><span>${decimal(top, top > 1 ? 1 : 0)}</span></span
              >
            </th>
            <th class="number">images</th>
          </tr>
        </thead>
        <tbody>
          ${classes.map((name, c) => {
            const values = valuesOf(images, first, c);
            return html`<tr>
              <td>${swatch(evaluation.colours[c])}${name}</td>
              ${names.map((metric) => html`<td class="number">${decimal(metrics[metric]!.classes[c])}</td>`)}
              <td class="strip">${renderStrip(values, top)}</td>
              <td class="number">${values.length}</td>
            </tr>`;
          })}
        </tbody>
        <tfoot>
          <tr>
            <td>in all</td>
            ${names.map((name) => html`<td class="number">${decimal(metrics[name]!.mean)}</td>`)}
            <td></td>
            <td class="number">${images.length}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  </section>`;
}

/** The colour of a class in pictures. */
export function swatch(colour: string | null | undefined): Html {
  const isColour = typeof colour === 'string' && /^#[0-9a-f]{6}$/.test(colour);
  return isColour
    ? html`<span class="swatch" style="background:${colour}"></span>`
    : html`<span class="swatch none"></span>`;
}

function valuesOf(images: readonly EvaluatedImage[], metric: string, c: number): readonly number[] {
  const values = images.map(({ metrics }) => metrics[metric]?.classes[c]);
  return values.filter((value) => typeof value === 'number').sort((a, b) => a - b);
}

/**
 * A point for every value from 0 to `top`, with the box of the quartiles and the median.
 *
 * @param values in ascending order.
 */
export function renderStrip(values: readonly number[], top: number): Html {
  if (values.length === 0) return html``;
  const width = 480;
  const at = (value: number): string => ((width * value) / top).toFixed(1);
  const [low, middle, high] = [0.25, 0.5, 0.75].map((part) => quantile(values, part));
  const every = Math.ceil(values.length / mostPoints);
  const points = values.filter((_, index) => index % every === 0);
  const described = `median ${decimal(middle)}, quartiles ${decimal(low)} and ${decimal(high)}, from ${decimal(values[0])} to ${decimal(values.at(-1))}`;
  return html`<svg viewBox="-4 0 ${width + 8} 22" role="img" aria-label="${described}">
    <title>${described}</title>
    <line class="base" x1="0" x2="${width}" y1="11" y2="11" />
    <rect class="box" x="${at(low!)}" y="4" width="${at(high! - low!)}" height="14" />
    ${points.map((value) => trusted(`<circle cx="${at(value)}" cy="11" r="2"/>`))}
    <line class="median" x1="${at(middle!)}" x2="${at(middle!)}" y1="2" y2="20" />
  </svg>`;
}

/** Between the two neighbours in proportion, as numpy does. */
function quantile(sorted: readonly number[], part: number): number {
  const at = part * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below]! + (at - below) * (sorted[above]! - sorted[below]!);
}
