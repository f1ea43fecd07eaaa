import type { PackageFacts } from '../src/runtime/package/package-facts.js';
import { element, withText } from './elements.js';
import { bytesOfNpy, countDifferences } from './expected.js';
import { startNetwork, type Found, type Network } from './network.js';
import { openImage } from './open-image.js';
import { paint } from './paint.js';

const status = element('status', HTMLElement);
const result = element('result', HTMLElement);
const picture = element('picture', HTMLCanvasElement);
const layer = element('layer', HTMLCanvasElement);
const mask = element('mask', HTMLCanvasElement);
const cover = element('cover', HTMLInputElement);
const list = element('found', HTMLUListElement);
const save = element('save', HTMLAnchorElement);
const file = element('file', HTMLInputElement);

const say = (text: string, state: 'working' | 'done' | 'failed' = 'done'): void => {
  status.textContent = text;
  document.body.dataset['state'] = state;
};
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : `${error}`);

async function fetched(path: string): Promise<Response> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`"${path}" is not there: ${response.status}.`);
  return response;
}

async function start(): Promise<void> {
  if (location.protocol === 'file:') {
    throw new Error('Browsers load nothing beside a page that is opened as a file: see README.md.');
  }
  const facts = (await (await fetched('network.json')).json()) as PackageFacts;
  const network = startNetwork();
  say('The network is being loaded.', 'working');
  const engine = await network.ready;
  element('engine', HTMLElement).textContent = engine;
  const lookAt = (image: Blob, name: string): Promise<Found | undefined> =>
    look(network, facts, image, name);
  const showSample = async (): Promise<void> => {
    const { image } = facts.sample;
    const found = await lookAt(await (await fetched(image)).blob(), image);
    if (found !== undefined) await compare(facts, found);
  };
  file.addEventListener('change', () => {
    const [chosen] = file.files ?? [];
    if (chosen !== undefined) void lookAt(chosen, chosen.name);
  });
  element('sample', HTMLButtonElement).addEventListener('click', () => void showSample());
  document.addEventListener('dragover', (event) => event.preventDefault());
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    const [dropped] = event.dataTransfer?.files ?? [];
    if (dropped !== undefined) void lookAt(dropped, dropped.name);
  });
  await showSample();
}

cover.addEventListener('input', () => (layer.style.opacity = cover.value));

/** Only what was asked for last is shown. */
let asked = 0;

async function look(
  network: Network,
  facts: PackageFacts,
  image: Blob,
  name: string,
): Promise<Found | undefined> {
  const own = (asked += 1);
  const shown = name.split('/').at(-1) ?? name;
  try {
    say(`${shown}: the network runs.`, 'working');
    const began = performance.now();
    const found = await network.look(await openImage(image, name), (done, total) => {
      if (own === asked && total > 1) say(`${shown}: ${done} of ${total} tiles.`, 'working');
    });
    if (own !== asked) return undefined;
    show(facts, found, shown);
    const seconds = (performance.now() - began) / 1000;
    say(`${shown}: ${found.description}; ${seconds.toFixed(1)} s.`);
    return found;
  } catch (error) {
    if (own === asked) say(`${shown}: ${messageOf(error)}`, 'failed');
    return undefined;
  }
}

function show({ prediction }: PackageFacts, found: Found, name: string): void {
  result.hidden = false;
  paint(picture, found.image);
  const isPainted = found.kind === 'painted';
  for (const each of [layer, mask, save]) each.hidden = !isPainted;
  element('cover-label', HTMLElement).hidden = !isPainted;
  list.replaceChildren();
  if (!isPainted) {
    for (const { name: called, probability, isPredicted } of found.classes) {
      const entry = withText('li', `${called}: ${(100 * probability).toFixed(1)} %`);
      if (isPredicted) entry.classList.add('told');
      list.append(entry);
    }
    return;
  }
  paint(layer, found.layer);
  paint(mask, found.mask);
  layer.style.opacity = cover.value;
  for (const [at, share] of found.shares.entries()) {
    const { name: called = `class ${at}`, colour } = prediction.legend[at] ?? {};
    const entry = withText('li', `${called}: ${(100 * share).toFixed(1)} %`);
    const patch = document.createElement('span');
    patch.style.background = colour ?? 'transparent';
    entry.prepend(patch);
    list.append(entry);
  }
  if (found.objects !== undefined) list.append(withText('li', `${found.objects} objects`));
  mask.toBlob((png) => {
    if (png === null) return;
    URL.revokeObjectURL(save.href);
    save.href = URL.createObjectURL(png);
    save.download = `${name.replace(/\.[^.]+$/, '')}.mask.png`;
  });
}

/** Says whether the sample came out as where the package was made. */
async function compare({ sample }: PackageFacts, found: Found): Promise<void> {
  if (found.kind !== 'painted' || sample.classes === undefined) return;
  const expected = bytesOfNpy(await (await fetched(sample.classes)).arrayBuffer());
  const different = countDifferences(found.classes, expected);
  const verdict =
    different === 0
      ? 'The mask of the sample is the expected one.'
      : `${different} pixels of the sample differ from the expected mask.`;
  element('verdict', HTMLElement).textContent = verdict;
}

start().catch((error: unknown) => say(messageOf(error), 'failed'));
