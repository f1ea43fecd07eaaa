import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { Reporter } from '../diagnostics/report.js';
import type { Processes } from '../runtime/python/run-python.js';
import type { OptionDescription } from './command.js';
import { nowhere } from './report.js';

/** The options of a training in Python. */
export const pythonOptions = {
  python: {
    kind: 'text',
    value: 'PATH',
    help: 'the Python of "--engine pytorch"; UNETC_PYTHON or python3 unless given',
  },
  processes: {
    kind: 'integer',
    value: 'N',
    minimum: 1,
    help: 'processes of "--engine pytorch" on this machine, one a GPU; 1 unless given',
  },
  nodes: { kind: 'integer', value: 'N', minimum: 2, help: 'machines that train together' },
  'node-rank': { kind: 'integer', value: 'K', minimum: 0, help: 'which of them this is, from 0' },
  rendezvous: { kind: 'text', value: 'HOST:PORT', help: 'where they meet: an address of number 0' },
} as const satisfies Readonly<Record<string, OptionDescription>>;

/** What a call says of a training in Python. */
export interface PythonWishes {
  readonly engine: string | undefined;
  readonly python: string | undefined;
  readonly processes: number | undefined;
  readonly nodes: number | undefined;
  readonly 'node-rank': number | undefined;
  readonly rendezvous: string | undefined;
}

const ofNodes = ['nodes', 'node-rank', 'rendezvous'] as const;

/** Reports options that make no sense together. */
export function checkPythonWishes(
  wishes: PythonWishes & { readonly 'allow-changes': boolean },
): readonly Diagnostic[] {
  const reporter = new Reporter();
  if (wishes.engine !== 'pytorch') {
    for (const name of Object.keys(pythonOptions) as (keyof typeof pythonOptions)[]) {
      if (wishes[name] === undefined) continue;
      reporter.report('option-of-pytorch', { option: `--${name}` }, { at: nowhere });
    }
    return reporter.diagnostics;
  }
  if (wishes['allow-changes']) {
    const parameters = { first: '--engine pytorch', second: '--allow-changes' };
    reporter.report('options-exclude', parameters, { at: nowhere });
  }
  const missing = ofNodes.filter((name) => wishes[name] === undefined);
  if (missing.length > 0 && missing.length < ofNodes.length) {
    const listed = missing.map((name) => `"--${name}"`).join(' and ');
    const verb = missing.length === 1 ? 'is' : 'are';
    reporter.report('nodes-incomplete', { missing: `${listed} ${verb}` }, { at: nowhere });
  }
  const { nodes = 0, 'node-rank': rank = 0 } = wishes;
  if (nodes > 0 && rank >= nodes) {
    const parameters = { rank, nodes, last: nodes - 1 };
    reporter.report('node-rank-too-large', parameters, { at: nowhere });
  }
  return reporter.diagnostics;
}

/** The processes that a call asks for, once it was checked. */
export function processesOf(wishes: PythonWishes): Processes {
  const { processes = 1, nodes, 'node-rank': rank, rendezvous } = wishes;
  return nodes === undefined || rank === undefined || rendezvous === undefined
    ? { count: processes }
    : { count: processes, nodes: { count: nodes, rank, rendezvous } };
}
