/**
 * What computes in the page of a package, apart from what is shown, so that the page answers while the
 * network runs. Bundled for browsers by `scripts/build.mjs`.
 */
import type { Image } from '../../data/image.js';
import { readNpy } from '../../data/npy.js';
import { startWasmInPage } from '../../engines/wasm-in-page.js';
import type { AskedImage, PageAnswer, PageQuestion } from './messages.js';
import { openPageNetwork } from './page-network.js';
import { pictureOf } from './picture-of.js';

/** A worker, as far as it is used here; the types of Node do not tell. */
interface WorkerScope {
  readonly location: { readonly href: string };
  postMessage(message: PageAnswer): void;
  onmessage: ((event: { readonly data: PageQuestion }) => void) | null;
}
const scope = globalThis as unknown as WorkerScope;
const tell = (answer: PageAnswer): void => scope.postMessage(answer);
const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

const folder = new URL('.', scope.location.href);

async function load(path: string): Promise<Uint8Array> {
  const response = await fetch(new URL(`../${path}`, folder));
  if (!response.ok) throw new Error(`"${path}" is not there: ${response.status}.`);
  return new Uint8Array(await response.arrayBuffer());
}

const opened = startWasmInPage(folder.href).then(async (engine) => {
  const network = await openPageNetwork(load);
  tell({ kind: 'ready', engine: engine.description });
  return network;
});
opened.catch((error: unknown) => tell({ kind: 'failed', reason: reasonOf(error) }));

scope.onmessage = ({ data: { id, image } }) => void answer(id, image);

async function answer(id: number, asked: AskedImage): Promise<void> {
  try {
    const network = await opened;
    const image: Image = asked.kind === 'npy' ? readNpy(asked.bytes) : pictureOf(asked);
    const found = await network.look(image, (done, total) =>
      tell({ kind: 'tiles', id, done, total }),
    );
    tell({ ...found, id });
  } catch (error) {
    tell({ kind: 'failed', id, reason: reasonOf(error) });
  }
}
