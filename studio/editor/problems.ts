import { setDiagnostics, type Diagnostic as Mark } from '@codemirror/lint';
import { LSPPlugin } from '@codemirror/lsp-client';
import type { EditorView } from '@codemirror/view';
import type { Diagnostic } from 'vscode-languageserver-protocol';
import { byId, make } from '../elements.js';
import { actionsFor, apply } from './fixes.js';

/** For more problems than this no repairs are asked for: each costs compilations. */
const repairLimit = 12;

const severities = ['', 'error', 'warning', 'info', 'hint'] as const;

/** Shows problems in the text and below it, with their repairs as soon as those were tried. */
export async function showProblems(
  view: EditorView,
  problems: readonly Diagnostic[],
): Promise<void> {
  const { doc } = view.state;
  const show = (repairs: ReadonlyMap<Diagnostic, Mark['actions']>): void => {
    if (view.state.doc !== doc) return;
    const plugin = LSPPlugin.get(view);
    if (plugin === null) return;
    const marks = problems.map((problem) => markOf(problem, plugin, repairs.get(problem) ?? []));
    view.dispatch(setDiagnostics(view.state, marks));
    list(view, marks);
  };
  show(new Map());
  if (problems.length === 0 || problems.length > repairLimit) return;
  const repairs = new Map<Diagnostic, Mark['actions']>();
  for (const problem of problems) {
    const actions = await actionsFor(view, problem.range, [problem]);
    const own = actions.filter(
      ({ kind, diagnostics }) =>
        kind === 'quickfix' && (diagnostics ?? []).some((each) => isSame(each, problem)),
    );
    repairs.set(
      problem,
      own.map((action) => ({ name: action.title, apply: (target) => apply(target, action) })),
    );
  }
  show(repairs);
}

const isSame = (a: Diagnostic, b: Diagnostic): boolean =>
  a.message === b.message && JSON.stringify(a.range) === JSON.stringify(b.range);

function markOf(
  { range, severity = 1, message, code }: Diagnostic,
  plugin: LSPPlugin,
  actions: NonNullable<Mark['actions']>,
): Mark {
  const [from, to] = [plugin.fromPosition(range.start), plugin.fromPosition(range.end)];
  const word = severities[severity] || 'error';
  const sentence = typeof message === 'string' ? message : message.value;
  return { from, to, severity: word, message: sentence, source: String(code ?? ''), actions };
}

/** The problems below the text: a button leads to the place, others repair it. */
function list(view: EditorView, marks: readonly Mark[]): void {
  const place = byId('problems');
  const items = marks.map((mark) => {
    const line = view.state.doc.lineAt(mark.from).number;
    const go = (): void => {
      view.dispatch({ selection: { anchor: mark.from }, scrollIntoView: true });
      view.focus();
    };
    return make(
      'li',
      { class: mark.severity },
      make(
        'button',
        { type: 'button', class: 'place', click: go },
        make('span', { class: 'severity' }, `${mark.severity} ${mark.source ?? ''}`),
        make('span', { class: 'quiet' }, ` line ${line}`),
      ),
      make('p', {}, mark.message),
      ...(mark.actions ?? []).map(({ name, apply: repair }) =>
        make(
          'button',
          { type: 'button', class: 'fix', click: () => repair(view, mark.from, mark.to) },
          name,
        ),
      ),
    );
  });
  const title = marks.length === 0 ? 'No problems' : `Problems: ${marks.length}`;
  place.replaceChildren(make('h2', {}, title), make('ul', {}, ...items));
  place.classList.toggle('fine', marks.length === 0);
}
