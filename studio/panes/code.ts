import type { EmitResult, EmitTarget } from '../../src/lsp/protocol.js';
import { download, make, tell } from '../elements.js';
import type { OnnxAnswer, PageSource } from '../messages.js';
import type { Pane } from './pane.js';

/** Emits the network that is shown now. */
export type Emit = (target: EmitTarget) => Promise<EmitResult>;

type Target = EmitTarget | 'onnx';

const targets: Readonly<Record<Target, { readonly title: string; readonly ending: string }>> = {
  ts: { title: 'TypeScript', ending: '.ts' },
  pytorch: { title: 'PyTorch', ending: '.py' },
  keras: { title: 'Keras', ending: '_keras.py' },
  onnx: { title: 'ONNX', ending: '.onnx' },
};

const aboutOnnx =
  'An ONNX file is no text. It holds the network with the weights that a training of this spec ' +
  'starts at. Trained weights come into one by "unetc build --target onnx --weights FILE".';

/**
 * The network as source, or as a file, that a person takes home.
 *
 * @param source what a file is made of.
 */
export function codePane(emit: Emit, source: () => PageSource): Pane {
  let target: Target = 'ts';
  let isStale = true;
  let emitted = { text: '', name: 'network' };
  const text = make('code');
  const choice = make('select', { 'aria-label': 'Language of the code' });
  choice.append(
    ...Object.entries(targets).map(([value, { title }]) => make('option', { value }, title)),
  );
  choice.addEventListener('change', () => {
    target = choice.value as Target;
    isStale = true;
    void refresh();
  });
  const copyButton = make('button', { type: 'button', click: copy }, 'Copy');
  const element = make(
    'div',
    { class: 'code' },
    make(
      'div',
      { class: 'tools' },
      choice,
      copyButton,
      make('button', { type: 'button', click: save }, 'Download'),
    ),
    make('pre', { tabindex: '0' }, text),
  );
  return {
    id: 'code',
    title: 'Code',
    element,
    show() {
      isStale = true;
      // A person who does not look at the code pays nothing for it.
      if (element.closest('[hidden]') === null) void refresh();
    },
    open: () => void refresh(),
  };

  function copy(): void {
    navigator.clipboard.writeText(emitted.text).then(
      () => tell('The code is copied.'),
      () => tell('This browser lets no page copy; select the text.'),
    );
  }

  function save(): void {
    if (target === 'onnx') return saveOnnx();
    download(emitted.name + targets[target].ending, emitted.text);
  }

  function saveOnnx(): void {
    const worker = new Worker(new URL('./onnx.js', import.meta.url), { type: 'module' });
    const wanted = source();
    const end = (sentence: string): void => {
      worker.terminate();
      tell(sentence);
    };
    worker.addEventListener('error', () => end('The file could not be made.'));
    worker.addEventListener('message', ({ data }: MessageEvent<OnnxAnswer>) => {
      if (data.kind === 'failed') return end(`There is no file: ${data.reason}`);
      const name = (wanted.model ?? 'network') + targets.onnx.ending;
      download(name, data.bytes as BlobPart, 'application/octet-stream');
      end(`"${name}" is made.`);
    });
    worker.postMessage(wanted);
  }

  async function refresh(): Promise<void> {
    if (!isStale) return;
    isStale = false;
    copyButton.disabled = target === 'onnx';
    if (target === 'onnx') {
      text.textContent = aboutOnnx;
      return;
    }
    const wanted = target;
    const result = await emit(wanted);
    if (wanted !== target) return;
    if (result.kind === 'unavailable') {
      text.textContent = result.reason;
      return;
    }
    emitted = { text: result.text, name: result.model };
    text.textContent = result.text;
  }
}
