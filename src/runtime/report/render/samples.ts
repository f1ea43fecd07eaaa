import {
  sampleKinds,
  type EvaluatedImage,
  type EvaluatedSample,
  type EvaluatedTarget,
  type SampleKind,
  type StoredEvaluation,
} from '../../runs/evaluation-file.js';
import { swatch } from './classes.js';
import { html, type Html } from './html.js';
import { decimal } from './numbers.js';
import { objectColumns } from './objects.js';

const titles: Readonly<Record<SampleKind, string>> = {
  worst: 'Worst',
  random: 'Random',
  best: 'Best',
};

/** The images that were chosen, with a slider between what is true and what was predicted. */
export function renderSamples(evaluation: StoredEvaluation): Html {
  const { samples, classes, colours, metrics, images } = evaluation;
  if (samples.length === 0) return html``;
  const isPainted = samples.some(({ truth }) => truth !== undefined);
  const named = new Map(images.map((image) => [image.name, image]));
  const [first = 'loss'] = Object.keys(metrics);
  const legend = html`<p class="legend">
    ${classes.map((name, c) => (c === 0 ? html`` : html`<span>${swatch(colours[c])}${name}</span>`))}
  </p>`;
  return html`<section aria-labelledby="h-samples">
    <h2 id="h-samples">Images</h2>
    <p class="note">
      Validation images, by ${first}.
      ${isPainted ? 'Left of the slider is the truth, right of it the prediction; move it.' : ''}
    </p>
    ${isPainted ? legend : html``}
    ${sampleKinds.map((kind) => {
      const chosen = samples.filter((sample) => sample.kind === kind);
      if (chosen.length === 0) return html``;
      return html`<h3>${titles[kind]}</h3>
        <div class="samples">
          ${chosen.map((sample) => renderSample(sample, named.get(sample.name)))}
        </div>`;
    })}
  </section>`;
}

function renderSample(sample: EvaluatedSample, image: EvaluatedImage | undefined): Html {
  const { name, width, height, truth, prediction } = sample;
  const picture = (kind: string, type: string, data: string): Html =>
    html`<img
      class="${kind}"
      src="data:image/${type};base64,${data}"
      width="${width}"
      height="${height}"
      alt=""
    />`;
  const { metrics = {}, targets = {}, objects } = image ?? {};
  const shown = [
    ...Object.entries(metrics).map(([metric, { mean }]) => [metric, mean] as const),
    ...(objects === undefined
      ? []
      : objectColumns.map(({ title, of }) => [title, of(objects)] as const)),
    ...Object.entries(targets).flatMap(([head, own]) =>
      Object.entries(own).map(([metric, { mean }]) => [`${head} ${metric}`, mean] as const),
    ),
  ];
  const values = shown.map(
    ([title, value]) => html`<span>${title} <b>${decimal(value, 3)}</b></span>`,
  );
  return html`<figure class="sample">
    <div class="stage" style="aspect-ratio:${width}/${height}">
      ${picture('image', 'webp', sample.image)}
      ${truth === undefined ? html`` : picture('truth', 'png', truth)}
      ${prediction === undefined ? html`` : picture('prediction', 'png', prediction)}
      ${
        truth === undefined || prediction === undefined
          ? html``
          : html`<span class="tag left">truth</span><span class="tag right">prediction</span>
              <span class="split"></span>
              <input
                type="range"
                min="0"
                max="100"
                value="50"
                aria-label="${name}: from the prediction to the truth"
              />`
      }
    </div>
    ${(sample.targets ?? []).map(renderTarget)}
    <figcaption><span class="name">${name}</span>${values}</figcaption>
  </figure>`;
}

/** What a head with a target of its own gives, beside what is true. */
function renderTarget({
  name,
  width,
  height,
  low,
  high,
  truth,
  prediction,
}: EvaluatedTarget): Html {
  const picture = (what: string, data: string): Html =>
    html`<img
      src="data:image/png;base64,${data}"
      width="${width}"
      height="${height}"
      alt="${name}, ${what}"
    />`;
  return html`<div class="values">
    ${picture('the truth', truth)}${picture('the prediction', prediction)}
    <p class="note">
      ${name}: truth, prediction; black ${decimal(low, 3)}, white ${decimal(high, 3)}
    </p>
  </div>`;
}

/** Every validation image with its values. */
export function renderImageTable({ images, metrics, objects }: StoredEvaluation): Html {
  const names = Object.keys(metrics);
  const scores = objects === undefined ? [] : objectColumns;
  const titles = [...names, ...scores.map(({ title }) => title), 'loss'];
  return html`<details>
    <summary>All ${images.length} validation images</summary>
    <div class="scroll">
      <table class="sortable">
        <thead>
          <tr>
            <th>image</th>
            ${titles.map((name) => html`<th class="number">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${images.map(
            (image) =>
              html`<tr>
                <td>${image.name}</td>
                ${names.map((name) => html`<td class="number">${decimal(image.metrics[name]?.mean)}</td>`)}
                ${scores.map(({ of }) => html`<td class="number">${decimal(image.objects && of(image.objects))}</td>`)}
                <td class="number">${decimal(image.loss)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}
