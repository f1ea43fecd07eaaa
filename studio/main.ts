/** The page starts: from a link, from what this browser kept, or with the demo's network. */
import demo from '../specs/templates/demo.unet';
import { tell } from './elements.js';
import { freeName, type PageState } from './files.js';
import { prepareGallery } from './gallery.js';
import { openServedFolder } from './served-folder.js';
import { keptState } from './kept.js';
import { readLink } from './link.js';
import { Studio } from './studio.js';

const first: PageState = { files: [{ name: 'cells.unet', text: demo }], current: 'cells.unet' };

async function start(): Promise<void> {
  const linked = await readLink(window.location.hash);
  const folder = await openServedFolder();
  const kept = folder === undefined ? keptState() : folder.state;
  const studio = new Studio(linked?.state ?? kept ?? first, folder);
  prepareGallery(({ name, text }) => {
    const taken = studio.state().files.map((file) => file.name);
    studio.add(freeName(name, taken), text);
  });
  if (linked === undefined && window.location.hash.includes('s=')) {
    tell('The link holds nothing that can be read.');
  }
  // A page from this machine is there without a network, and should be the program's own version.
  if (folder === undefined && 'serviceWorker' in navigator) {
    await navigator.serviceWorker.register(new URL('service-worker.js', document.baseURI));
  }
}

void start();
