import type { StoredEvaluation } from '../../runs/evaluation-file.js';
import { html, trusted, type Html } from './html.js';
import { counted, share } from './numbers.js';

/** The confusion matrix: of the pixels of each true class, the part that was predicted as each class. */
export function renderConfusion({ confusion, classes }: StoredEvaluation): Html {
  if (confusion === null) return html``;
  return html`<section class="panel" aria-labelledby="h-confusion">
    <h3 id="h-confusion">Confusion</h3>
    <p class="note">
      Each row is a true class; it tells as which class its pixels were predicted. Point at a cell
      for the number of pixels.
    </p>
    <div class="scroll">
      <table class="confusion${classes.length > 6 ? ' many' : ''}">
        <thead>
          <tr>
            <th class="corner">true</th>
            ${classes.map((name) => html`<th scope="col"><span>${name}</span></th>`)}
          </tr>
        </thead>
        <tbody>
          ${confusion.map((row, truth) => renderRow(row, truth, classes))}
        </tbody>
      </table>
    </div>
  </section>`;
}

function renderRow(row: readonly number[], truth: number, classes: readonly string[]): Html {
  const total = row.reduce((sum, count) => sum + count, 0);
  const name = classes[truth] ?? `class ${truth}`;
  return html`<tr>
    <th scope="row">${name}</th>
    ${row.map((count, predicted) => {
      const part = total === 0 ? 0 : count / total;
      const kind = predicted === truth ? 'right' : 'wrong';
      const what = `${counted(count)} pixels of ${name}, predicted as ${classes[predicted] ?? ''}`;
      const digits = part >= 0.0995 ? 0 : 1;
      const shown = total === 0 ? '\u2013' : count === 0 ? '0' : (100 * part).toFixed(digits);
      const strong = part > 0.55 ? ' strong' : '';
      return html`<td
        class="${kind}${strong}"
        style="--part:${trusted(part.toFixed(3))}"
        title="${what} (${share(count, total)})"
      >
        ${shown}
      </td>`;
    })}
  </tr>`;
}
