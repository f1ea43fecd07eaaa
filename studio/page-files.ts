import { byId, make, tell } from './elements.js';
import { freeName, type PageState } from './files.js';
import { writeLink } from './link.js';

/** What the controls of files ask of the page. */
export interface FileActions {
  state(): PageState;
  show(name: string): void;
  add(name: string, text: string): void;
  remove(name: string): void;
  /** Keeps a file where it belongs: in the folder that is served, or among the person's downloads. */
  save(name: string): void;
}

const empty = '/// What this network is for.\nmodel Net {\n  \n}\n';

/** The controls above the text: choosing, starting, opening, saving, removing, sharing. */
export function prepareFiles(actions: FileActions): { refresh(): void } {
  const choice = byId<HTMLSelectElement>('files');
  const chooser = byId<HTMLInputElement>('chooser');
  const current = () => {
    const { files, current: name } = actions.state();
    return files.find((file) => file.name === name)!;
  };
  choice.addEventListener('change', () => actions.show(choice.value));
  byId('new').addEventListener('click', () => {
    const taken = actions.state().files.map(({ name }) => name);
    actions.add(freeName('net', taken), empty);
  });
  byId('open').addEventListener('click', () => chooser.click());
  chooser.addEventListener('change', () => {
    void take([...(chooser.files ?? [])]);
    chooser.value = '';
  });
  byId('save').addEventListener('click', () => actions.save(current().name));
  document.addEventListener('keydown', (event) => {
    if (event.key !== 's' || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    event.preventDefault();
    actions.save(current().name);
  });
  byId('remove').addEventListener('click', () => {
    const { name } = current();
    if (window.confirm(`Remove "${name}" from this page?`)) actions.remove(name);
  });
  byId('share').addEventListener('click', () => void share());
  document.addEventListener('dragover', (event) => event.preventDefault());
  document.addEventListener('drop', (event) => {
    const dropped = [...(event.dataTransfer?.files ?? [])];
    if (!dropped.some(({ name }) => name.endsWith('.unet'))) return;
    event.preventDefault();
    void take(dropped.filter(({ name }) => name.endsWith('.unet')));
  });
  return { refresh };

  async function take(files: readonly File[]): Promise<void> {
    for (const file of files) {
      if (file.size > 2_000_000) {
        tell(`"${file.name}" is no spec: it has more than 2 MB.`);
        continue;
      }
      const text = await file.text();
      const taken = actions.state().files.map(({ name }) => name);
      actions.add(freeName(file.name, taken), text.replaceAll('\r\n', '\n'));
    }
  }

  async function share(): Promise<void> {
    const address = new URL(window.location.href);
    address.hash = await writeLink(actions.state());
    window.history.replaceState(null, '', address);
    const isCopied = await navigator.clipboard.writeText(address.href).then(
      () => true,
      () => false,
    );
    const where = isCopied ? 'The link is copied.' : 'The link is in the address bar.';
    tell(`${where} It holds the files themselves; no server has them.`);
  }

  function refresh(): void {
    const { files, current: name } = actions.state();
    choice.replaceChildren(
      ...files.map((file) =>
        make('option', { value: file.name, selected: file.name === name }, file.name),
      ),
    );
  }
}
