import type { NetworkStage, NetworkView } from '../../src/lsp/protocol.js';
import { make } from '../elements.js';
import { brief, count, mebibytes, type PageActions, type Pane } from './pane.js';

type Cost = 'parameters' | 'macs' | 'activationBytes';

const costs: Readonly<Record<Cost, { readonly title: string; text(value: number): string }>> = {
  parameters: { title: 'Parameters', text: brief },
  macs: { title: 'Multiply-adds', text: brief },
  activationBytes: { title: 'Memory in training', text: mebibytes },
};

/** What every stage costs, as bars. */
export function costsPane({ select }: PageActions): Pane {
  let network: NetworkView | undefined;
  let shown: Cost = 'parameters';
  const choice = make('fieldset', { class: 'choice' }, make('legend', {}, 'Cost'));
  for (const [cost, { title }] of Object.entries(costs) as [Cost, (typeof costs)[Cost]][]) {
    const radio = make('input', {
      type: 'radio',
      name: 'cost',
      value: cost,
      checked: cost === shown,
    });
    radio.addEventListener('change', () => {
      shown = cost;
      draw();
    });
    choice.append(make('label', {}, radio, ` ${title}`));
  }
  const totals = make('p', { class: 'quiet' });
  const bars = make('ol', { class: 'bars' });
  const element = make('div', { class: 'costs' }, choice, totals, bars);
  return {
    id: 'costs',
    title: 'Costs',
    element,
    show(next) {
      network = next;
      draw();
    },
  };

  function draw(): void {
    if (network === undefined) return;
    const { parameters, macs, activationBytes, size, stages } = network;
    totals.textContent =
      `${count(parameters.total)} parameters, ${count(parameters.trainable)} of them trained; ` +
      `at ${size[0]} x ${size[1]}: ${brief(macs)} multiply-adds, ${mebibytes(activationBytes)} for one image in training.`;
    const most = Math.max(1, ...stages.map((stage) => stage[shown]));
    bars.replaceChildren(...stages.map((stage) => bar(stage, most)));
  }

  function bar(stage: NetworkStage, most: number): HTMLElement {
    const value = stage[shown];
    const fill = make('span', { class: 'fill' });
    fill.style.width = `${(100 * value) / most}%`;
    return make(
      'li',
      {},
      make(
        'button',
        { type: 'button', class: 'link', click: () => select(stage.name) },
        stage.name,
      ),
      make('span', { class: 'track', 'aria-hidden': 'true' }, fill),
      make('span', { class: 'number' }, costs[shown].text(value)),
    );
  }
}
