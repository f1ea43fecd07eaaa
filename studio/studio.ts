import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { standardLibrary } from '../src/std/sources.generated.js';
import type { NetworkView } from '../src/lsp/protocol.js';
import { coalesced } from './coalesce.js';
import { decorate } from './editor/from-server.js';
import { editorState } from './editor/editor.js';
import { showProblems } from './editor/problems.js';
import { byId, darkness, download, make, tell } from './elements.js';
import { libraryPathOf, nameOf, uriOf, type PageState } from './files.js';
import { keepState } from './kept.js';
import { LanguageSession } from './language/session.js';
import { prepareFiles, type FileActions } from './page-files.js';
import { codePane } from './panes/code.js';
import { costsPane } from './panes/costs.js';
import type { PageActions, Pane } from './panes/pane.js';
import { picturePane } from './panes/picture.js';
import { sizesPane } from './panes/sizes.js';
import { showTabs } from './panes/tabs.js';
import { trainingPane } from './panes/training.js';
import type { ServedFolder } from './served-folder.js';
import type { PageSource } from './messages.js';
import { prepareSize } from './size-field.js';

/** The page while it runs: its files, the editor over one of them, and what is shown of it. */
export class Studio implements FileActions {
  readonly #texts = new Map<string, string>();
  readonly #states = new Map<string, EditorState>();
  readonly #view: EditorView;
  readonly #panes: readonly Pane[];
  readonly #size = prepareSize(() => this.#refresh());
  readonly #files = prepareFiles(this);
  readonly #models = byId<HTMLSelectElement>('model');
  #session: LanguageSession | undefined;
  /** The address of what the editor shows: a file of the page, or of the standard library. */
  #shown = '';
  #network: NetworkView | undefined;
  #keeping = 0;
  readonly #folder: ServedFolder | undefined;
  /** Files with changes that the folder does not have. */
  readonly #unsaved = new Set<string>();
  readonly #refresh = coalesced(() => this.#showNetwork());
  readonly #decorate = coalesced(() => decorate(this.#view).catch(ignoreLost));

  /**
   * @param folder where files are saved; without one they are kept by the browser, and saving
   *   gives them as downloads.
   */
  constructor({ files, current }: PageState, folder: ServedFolder | undefined) {
    this.#folder = folder;
    for (const { name, text } of files) this.#texts.set(name, text);
    const actions: PageActions = {
      select: (tensor) => this.#select(tensor),
      setSize: (height, width) => this.#size.set(height, width),
    };
    this.#panes = [
      picturePane(actions),
      sizesPane(actions),
      costsPane(actions),
      codePane(
        (target) => this.#emit(target),
        () => this.#source(),
      ),
      trainingPane(() => this.#source()),
    ];
    showTabs(this.#panes);
    this.#view = new EditorView({ parent: byId('editor') });
    window.addEventListener('beforeunload', (event) => {
      if (this.#folder !== undefined && this.#unsaved.size > 0) event.preventDefault();
    });
    this.#startSession();
    this.show(current);
    this.#models.addEventListener('change', () => this.#refresh());
    darkness.addEventListener('change', () => this.#refresh());
  }

  state(): PageState {
    const shown = nameOf(this.#shown);
    if (shown !== undefined && this.#texts.has(shown)) {
      this.#texts.set(shown, this.#view.state.doc.toString());
    }
    const files = [...this.#texts].map(([name, text]) => ({ name, text }));
    return { files, current: shown ?? files[0]!.name };
  }

  show(name: string): void {
    const text = this.#texts.get(name);
    if (text !== undefined) this.#display(uriOf(name), text);
  }

  add(name: string, text: string): void {
    this.state();
    this.#texts.set(name, text);
    this.show(name);
    this.#keep();
  }

  remove(name: string): void {
    this.#texts.delete(name);
    this.#states.delete(uriOf(name));
    this.#session?.remove(uriOf(name));
    if (this.#texts.size === 0) this.#texts.set('net.unet', '');
    this.#shown = '';
    this.show([...this.#texts.keys()][0]!);
    this.#keep();
  }

  save(name: string): void {
    const text = this.state().files.find((file) => file.name === name)?.text ?? '';
    if (this.#folder === undefined) return download(name.replace(/^.*\//, ''), text);
    void this.#folder.save(name, text).then((problem) => {
      if (problem === undefined) this.#unsaved.delete(name);
      tell(problem === undefined ? `"${name}" is saved.` : `"${name}" is not saved: ${problem}.`);
    });
  }

  #select(tensor: string): void {
    const place = this.#network?.places[tensor];
    if (place === undefined) return;
    const { doc } = this.#view.state;
    const [anchor, head] = [place.start, place.end].map(({ line, character }) => {
      const { from, to } = doc.line(Math.min(line + 1, doc.lines));
      return Math.min(from + character, to);
    });
    this.#view.dispatch({
      selection: { anchor: anchor!, head: head! },
      effects: EditorView.scrollIntoView(anchor!, { y: 'center' }),
    });
    this.#view.focus();
  }

  #startSession(): void {
    const session = new LanguageSession({
      show: (uri) => this.#showUri(uri),
      changed: (uri, text) => {
        const name = nameOf(uri);
        if (name !== undefined) this.#texts.set(name, text);
      },
      problems: (uri, problems) => {
        if (uri === this.#shown) void showProblems(this.#view, problems).catch(ignoreLost);
      },
      lost: () => {
        this.#session = undefined;
        this.#states.clear();
        tell(
          'The compiler took too long with this text and was ended. It starts again with your next change.',
        );
      },
    });
    this.#session = session;
    for (const [name, text] of this.#texts) void session.add(uriOf(name), text);
  }

  /** Shows a file by its address; one of the standard library can be read only. */
  #showUri(uri: string): EditorView | undefined {
    const name = nameOf(uri);
    const path = libraryPathOf(uri);
    const text =
      name !== undefined
        ? this.#texts.get(name)
        : path === undefined
          ? undefined
          : standardLibrary[path as keyof typeof standardLibrary];
    if (text === undefined) return undefined;
    this.#display(uri, text);
    return this.#view;
  }

  #display(uri: string, text: string): void {
    if (uri === this.#shown) return;
    this.state();
    if (this.#shown !== '') this.#states.set(this.#shown, this.#view.state);
    this.#shown = uri;
    this.#view.setState(this.#states.get(uri) ?? this.#stateOf(uri, text));
    this.#view.contentDOM.classList.toggle('read-only', nameOf(uri) === undefined);
    this.#files.refresh();
    this.#changed();
  }

  #stateOf(uri: string, text: string): EditorState {
    const more = [
      this.#session?.extensionFor(uri) ?? [],
      EditorView.updateListener.of((update) => {
        if (update.docChanged) this.#edited();
        else if (update.selectionSet) this.#markTensors();
      }),
      ...(nameOf(uri) === undefined ? [EditorState.readOnly.of(true)] : []),
    ];
    return editorState(text, more);
  }

  #edited(): void {
    const name = nameOf(this.#shown);
    if (name !== undefined) this.#unsaved.add(name);
    this.#changed();
  }

  #changed(): void {
    if (this.#session === undefined && this.#shown !== '') {
      this.#startSession();
      const { doc, selection } = this.#view.state;
      this.#view.setState(this.#stateOf(this.#shown, doc.toString()));
      this.#view.dispatch({ selection });
    }
    this.#refresh();
    this.#decorate();
    this.#keep();
  }

  /** Keeps the files in this browser, a moment after the last change. */
  #keep(): void {
    if (this.#folder !== undefined) return;
    window.clearTimeout(this.#keeping);
    this.#keeping = window.setTimeout(() => {
      if (!keepState(this.state())) tell('This browser keeps nothing: save your files.');
    }, 400);
  }

  async #showNetwork(): Promise<void> {
    const theme = darkness.matches ? 'dark' : 'light';
    const uri = this.#shown;
    const size = this.#size.size();
    const answer = await this.#session
      ?.network({ uri, theme, model: this.#models.value, ...(size === undefined ? {} : { size }) })
      .catch(ignoreLost);
    if (answer === undefined || answer === null || uri !== this.#shown) return;
    byId('panes').classList.toggle('stale', answer.kind === 'unavailable');
    byId('panes').dataset['reason'] = answer.kind === 'unavailable' ? answer.reason : '';
    if (answer.kind === 'unavailable') return;
    this.#network = answer;
    this.#offerModels(answer);
    for (const pane of this.#panes) pane.show(answer);
    this.#markTensors();
  }

  #offerModels({ models, model }: NetworkView): void {
    byId('model-choice').hidden = models.length < 2;
    this.#models.replaceChildren(
      ...models.map((name) => make('option', { value: name, selected: name === model }, name)),
    );
  }

  /** Marks the tensors whose place holds the cursor. */
  #markTensors(): void {
    const { doc, selection } = this.#view.state;
    const line = doc.lineAt(selection.main.head).number - 1;
    const tensors = Object.entries(this.#network?.places ?? {}).filter(
      ([, { start, end }]) => start.line <= line && line <= end.line,
    );
    const names = new Set(tensors.map(([name]) => name));
    for (const pane of this.#panes) pane.mark?.(names);
  }

  /** Paths as a spec sees them: all files of the page lie in one folder. */
  #source(): PageSource {
    const pathOf = (name: string): string => `/specs/${name}`;
    const { files, current } = this.state();
    const texts = Object.fromEntries(files.map(({ name, text }) => [pathOf(name), text]));
    return { path: pathOf(current), files: texts, model: this.#network?.model };
  }

  async #emit(target: 'ts' | 'pytorch' | 'keras') {
    const params = { uri: this.#shown, target, model: this.#models.value };
    const answer = await this.#session?.emit(params).catch(ignoreLost);
    const reason = 'The compiler is not running; change the text to start it again.';
    return answer ?? ({ kind: 'unavailable', reason } as const);
  }
}

/** A session that is lost tells so by itself; whoever waited for an answer gets none. */
const ignoreLost = (): undefined => undefined;
