import type { StoredEvaluation, StoredObjects } from '../../runs/evaluation-file.js';
import { renderStrip } from './classes.js';
import { html, type Html } from './html.js';
import { counted, decimal } from './numbers.js';

/** A score of objects as a table shows it. */
export interface ObjectColumn {
  readonly title: string;
  readonly of: (objects: StoredObjects) => number | null;
}

/** The scores that are shown of every image, in their order. */
export const objectColumns: readonly ObjectColumn[] = [
  { title: 'AP at 0.5', of: ({ ap50 }) => ap50 },
  { title: 'AP 0.5 to 0.95', of: ({ ap }) => ap },
  { title: 'panoptic quality', of: ({ pq }) => pq },
];

/**
 * How objects were found, with the spread of each score over the images; nothing where the recipe
 * tells no objects apart, or none were known.
 */
export function renderObjects({ objects, images }: StoredEvaluation): Html {
  if (objects === undefined || objects.ap50 === null) return html``;
  const { true: there, found, dice } = objects;
  return html`<section class="panel" aria-labelledby="h-objects">
    <h3 id="h-objects">Objects</h3>
    <p class="note">
      ${counted(found ?? 0)} found, ${counted(there ?? 0)} there. An object is found where its
      intersection over union with a true one is above a limit: 0.5 for panoptic quality. Numbers
      are over the objects of all images together; the strip shows every single image with an
      object. The Dice of the pixels of all objects is ${decimal(dice)}.
    </p>
    <div class="scroll">
      <table class="classes">
        <thead>
          <tr>
            <th>score</th>
            <th class="number">all</th>
            <th class="strip">
              <span class="axis"><span>0</span><span>by image</span><span>1</span></span>
            </th>
            <th class="number">images</th>
          </tr>
        </thead>
        <tbody>
          ${objectColumns.map(({ title, of }) => {
            const values = images
              .flatMap((image) => (image.objects && of(image.objects)) ?? [])
              .sort((a, b) => a - b);
            return html`<tr>
              <td>${title}</td>
              <td class="number">${decimal(of(objects))}</td>
              <td class="strip">${renderStrip(values, 1)}</td>
              <td class="number">${values.length}</td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>
  </section>`;
}
