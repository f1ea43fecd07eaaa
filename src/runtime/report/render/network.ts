import type { NetworkFacts } from '../run-report.js';
import { html, type Html } from './html.js';
import { counted, mebibytes, short } from './numbers.js';

/** The network's picture with what it costs. */
export function renderNetwork({ picture, summary }: NetworkFacts): Html {
  const [height, width] = summary.size;
  const data = Buffer.from(picture).toString('base64');
  const field = summary.receptiveField.map(sideOf).join(' × ');
  const facts: readonly (readonly [string, string])[] = [
    ['parameters', counted(summary.parameters.total)],
    ['of them trained', counted(summary.parameters.trainable)],
    [`multiply-adds at ${height} × ${width}`, short(summary.macs)],
    ['activations of an image in training', mebibytes(summary.activationBytes)],
    ['receptive field', field],
  ];
  return html`<section aria-labelledby="h-network">
    <h2 id="h-network">Network</h2>
    <dl class="facts">
      ${facts.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    <div class="scroll picture">
      <img
        src="data:image/svg+xml;base64,${data}"
        alt="The tensors of ${summary.model} and what leads from one to the next"
      />
    </div>
    <details>
      <summary>Every stage with its size and cost</summary>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th>stage</th>
              <th>operations</th>
              <th>output</th>
              <th class="number">parameters</th>
              <th class="number">multiply-adds</th>
              <th class="number">sees</th>
            </tr>
          </thead>
          <tbody>
            ${summary.stages.map(
              (stage) =>
                html`<tr>
                  <td>${stage.name}</td>
                  <td>${stage.operations}</td>
                  <td>${stage.shape.join(' × ')}</td>
                  <td class="number">${stage.parameters === 0 ? '' : counted(stage.parameters)}</td>
                  <td class="number">${stage.macs === 0 ? '' : counted(stage.macs)}</td>
                  <td class="number">${stage.receptiveField.map(sideOf).join(' × ')}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>
  </section>`;
}

/** Behind global pooling, a tensor sees all. */
const sideOf = (side: number): string => (Number.isFinite(side) ? String(Math.round(side)) : 'all');
