import { describeSummary } from '../../data/describe-summary.js';
import type { Setting } from '../gather/describe-recipe.js';
import type { Curves } from '../gather/read-curves.js';
import type { RunReport } from '../run-report.js';
import { html, type Html } from './html.js';
import { duration, share } from './numbers.js';

/** What the data held: in words, and the classes of both parts side by side. */
export function renderData({ data, classes }: RunReport): Html {
  if (data.length === 0) return html``;
  const names = classes.length === 0 ? undefined : classes;
  return html`<section aria-labelledby="h-data">
    <h2 id="h-data">Data</h2>
    ${data.map((summary) => {
      const [first = '', ...others] = describeSummary(summary, names);
      return html`<p>${first}</p>
        <ul>
          ${others.map((line) => html`<li>${line}</li>`)}
        </ul>`;
    })}
    ${renderShares(data, classes)}
  </section>`;
}

function renderShares(data: RunReport['data'], classes: readonly string[]): Html {
  const known = data.filter((summary) => summary.classes !== undefined);
  if (known.length === 0) return html``;
  return html`<div class="scroll">
    <table class="narrow">
      <thead>
        <tr>
          <th>class</th>
          ${known.map(
            ({ name }) =>
              html`<th class="number">pixels of ${name}</th>
                <th class="number">masks of ${name}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${known[0]!.classes!.map(
          (_, c) =>
            html`<tr>
              <td>${classes[c] ?? `class ${c}`}</td>
              ${known.map(
                (each) =>
                  html`<td class="number">
                      ${share(each.classes![c]!, each.pixels - each.ignoredPixels)}
                    </td>
                    <td class="number">${each.classMasks?.[c]} of ${each.pairs}</td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Settings as a table of two columns. */
export function renderSettings(settings: readonly Setting[]): Html {
  return html`<div class="scroll">
    <table class="settings">
      <tbody>
        ${settings.map(
          ({ name, value }) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td>${value}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** What the run took. */
export function timings({ curves, evaluation }: RunReport): readonly Setting[] {
  const total = curves.seconds.reduce((sum, each) => sum + each, 0);
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['all epochs', total === 0 ? undefined : duration(total)],
    ['an epoch', meanSeconds(curves)],
    ['steps', curves.stepSeconds === 0 ? undefined : duration(curves.stepSeconds)],
    ['training images a second', curves.imagesPerSecond?.toFixed(1)],
    ['evaluation for this report', evaluation && duration(evaluation.seconds)],
  ];
  return rows.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}

function meanSeconds({ seconds }: Curves): string | undefined {
  if (seconds.length === 0) return undefined;
  return duration(seconds.reduce((sum, each) => sum + each, 0) / seconds.length);
}
