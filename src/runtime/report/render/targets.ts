import type { StoredEvaluation } from '../../runs/evaluation-file.js';
import { html, type Html } from './html.js';
import { decimal } from './numbers.js';

/** The metrics of heads with targets of their own; nothing where there are none. */
export function renderTargets({ targets = {} }: StoredEvaluation): Html {
  const rows = Object.entries(targets).flatMap(([head, metrics]) =>
    Object.entries(metrics).map(([metric, value]) => ({ head, metric, ...value })),
  );
  if (rows.length === 0) return html``;
  return html`<section class="panel" aria-labelledby="h-targets">
    <h3 id="h-targets">Other heads</h3>
    <p class="note">Heads with targets of their own, over all validation images together.</p>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>head</th>
            <th>metric</th>
            <th class="number">in all</th>
            <th class="number">by channel</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ head, metric, mean, classes }) =>
              html`<tr>
                <td>${head}</td>
                <td>${metric}</td>
                <td class="number">${decimal(mean)}</td>
                <td class="number">${classes.map((value) => decimal(value)).join(', ')}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}
