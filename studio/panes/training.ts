import { download, make } from '../elements.js';
import type { FromTraining, PageSource, ToTraining } from '../messages.js';
import { drawSamples } from '../training/draw-samples.js';
import type { Curves } from '../training/curves.js';
import type { Pane } from './pane.js';

type State = 'idle' | 'running' | 'paused';

/**
 * Trains the network in a worker on the demo's images, and shows how it learns.
 *
 * @param source the network that is shown.
 */
export function trainingPane(source: () => PageSource): Pane {
  let worker: Worker | undefined;
  let state: State = 'idle';
  let model: string | undefined;
  let curves: Curves | undefined;
  let weights: Uint8Array | undefined;
  let epochs = 0;
  const button = (label: string, click: () => void): HTMLButtonElement =>
    make('button', { type: 'button', click }, label);
  const start = button('Train on the demo', begin);
  const pause = button('Pause', () => (state === 'running' ? hold() : goOn()));
  const stop = button('Stop', () => send({ kind: 'stop' }));
  const save = button('Save the weights', () => {
    if (weights !== undefined) {
      const name = `${model ?? 'network'}.safetensors`;
      download(name, weights as BlobPart, 'application/octet-stream');
    }
  });
  const status = make('p', { role: 'status', 'aria-live': 'polite' }, 'Nothing is trained yet.');
  const bar = make('progress', { max: '1', value: '0', 'aria-label': 'Of the training' });
  const chart = make('div', { class: 'chart' });
  const table = make('tbody');
  const samples = make('div', { class: 'samples' });
  const element = make(
    'div',
    { class: 'training' },
    make(
      'p',
      { class: 'quiet' },
      'Forty drawn images of cells to learn from and ten to validate with, 128 x 128 and grey: the data of ',
      make('code', {}, 'unetc init demo'),
      '. The recipe of the spec is followed, in this tab.',
    ),
    make('div', { class: 'tools' }, start, pause, stop, save),
    status,
    bar,
    chart,
    samples,
    make(
      'table',
      { hidden: true },
      make('thead', {}, make('tr', {}, ...['epoch', 'loss', 'validation', 'metrics'].map(heading))),
      table,
    ),
  );
  become('idle');
  return {
    id: 'training',
    title: 'Train',
    element,
    // What is trained is what the text says when training starts.
    show: () => undefined,
  };

  function become(next: State): void {
    state = next;
    start.disabled = next !== 'idle';
    pause.disabled = stop.disabled = next === 'idle';
    pause.textContent = next === 'paused' ? 'Go on' : 'Pause';
    save.disabled = weights === undefined;
  }

  function send(message: ToTraining): void {
    worker?.postMessage(message);
  }

  function hold(): void {
    send({ kind: 'pause' });
    become('paused');
  }

  function goOn(): void {
    send({ kind: 'go-on' });
    become('running');
  }

  function begin(): void {
    weights = undefined;
    table.replaceChildren();
    samples.replaceChildren();
    status.textContent = 'The engine is being loaded.';
    worker = new Worker(new URL('./training.js', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<FromTraining>) => void take(data));
    worker.addEventListener('error', ({ message }) => fail(message || 'The worker failed.'));
    const chosen = source();
    ({ model } = chosen);
    send({ kind: 'start', ...chosen, engine: new URL('engine/', document.baseURI).href });
    become('running');
  }

  function fail(reason: string): void {
    status.textContent = `Nothing is trained: ${reason}`;
    end();
  }

  function end(): void {
    worker?.terminate();
    worker = undefined;
    become('idle');
  }

  async function take(message: FromTraining): Promise<void> {
    switch (message.kind) {
      case 'started': {
        ({ epochs } = message);
        bar.max = epochs * message.batches;
        const { createCurves } = await import('../training/curves.js');
        curves = createCurves(chart);
        return;
      }
      case 'step': {
        const { epoch, batch, loss, imagesPerSecond, secondsLeft } = message;
        bar.value = (epoch - 1) * (bar.max / epochs) + batch;
        status.textContent =
          `Epoch ${epoch} of ${epochs}: loss ${loss.toFixed(4)}, ` +
          `${imagesPerSecond.toFixed(1)} images a second, ${Math.ceil(secondsLeft)} s left.`;
        return;
      }
      case 'epoch':
        return showEpoch(message);
      case 'ended':
        ({ weights } = message);
        status.textContent = message.how === 'finished' ? 'Trained.' : 'Stopped.';
        return end();
      case 'failed':
        return fail(message.reason);
    }
  }

  function showEpoch(message: Extract<FromTraining, { kind: 'epoch' }>): void {
    const { epoch, loss, validationLoss, metrics, isBest } = message;
    curves?.add({ epoch, loss, validationLoss, metrics });
    drawSamples(samples, message.samples);
    const values = Object.entries(metrics).map(
      ([name, value]) => `${name} ${value === undefined ? '-' : value.toFixed(4)}`,
    );
    const cells = [
      `${epoch}${isBest ? ' (best)' : ''}`,
      loss.toFixed(4),
      validationLoss?.toFixed(4) ?? '-',
      values.join(', '),
    ];
    table.parentElement!.hidden = false;
    table.prepend(make('tr', {}, ...cells.map((text) => make('td', {}, text))));
  }
}

const heading = (word: string): HTMLElement => make('th', { scope: 'col' }, word);
