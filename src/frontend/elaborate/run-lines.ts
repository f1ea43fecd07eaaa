import { reportDuplicate } from '../../diagnostics/report-duplicate.js';
import { asRounds } from '../values/choices.js';
import { evaluate, evaluateCondition } from '../values/evaluate.js';
import type { StoredScaling } from '../../ir/encoder-files.js';
import { runFlow } from './flow.js';
import type { Flow, FlowContext } from './flow-context.js';
import type { Line, LoopLine, TensorLine } from '../declarations/lines.js';
import { checkStatedError, type StatedFor } from '../values/stated-errors.js';
import { declareShared } from './shared-call.js';
import { madeByInstances } from './shared-instances.js';
import { runNames, type MadeNodes } from './stored-names.js';
import { readStoredScaling } from './stored-scaling.js';
import {
  countItems,
  describeValue,
  Environment,
  invalid,
  type SharedInstance,
  type Value,
} from '../values/value.js';
import { reportWords } from '../values/words.js';

/** What the lines of one body have made so far. */
export interface LineRun {
  /** The tensors that left by taps; undefined for one whose line had a problem. */
  readonly taps: Map<string, Flow | undefined>;
  /** What the last `out` made. */
  output: Flow | undefined;
  /** Where tensors are defined: one room for the whole body, loops included. */
  readonly tensors: Environment;
  /** What each line made when it ran last. */
  readonly made: Map<string, MadeNodes>;
  /** The shared instances that it has declared; of a loop, those of its last round. */
  readonly instances: Map<string, SharedInstance>;
  /** How images were scaled where published weights were trained. */
  readonly scalings: StoredScaling[];
  /** How often each name was made in loops. */
  readonly rounds: Map<string, number>;
  /** Whose errors the lines state. */
  readonly statedFor: StatedFor;
  /** The name of a tap's tensor; undefined in blocks, whose lines are part of what calls them. */
  readonly nameOfTap: ((name: string) => string) | undefined;
}

export function startRun(
  tensors: Environment,
  statedFor: StatedFor,
  nameOfTap?: (name: string) => string,
): LineRun {
  const [taps, made, instances, rounds] = [new Map(), new Map(), new Map(), new Map()];
  const found = { taps, output: undefined, made, instances, scalings: [], rounds };
  return { ...found, tensors, statedFor, nameOfTap };
}

/**
 * Runs lines from top to bottom. A tensor made in a loop is numbered, from 1, by
 * how often its name was made: `block_1`, `block_2`. Every round of a loop counts
 * as a call, so that loops in loops end at the limit of the graph.
 */
export function runLines(
  lines: readonly Line[],
  run: LineRun,
  context: FlowContext,
  isInLoop = false,
): void {
  for (const line of lines) {
    switch (line.kind) {
      case 'tensor':
        runTensor(line, run, context, isInLoop);
        break;
      case 'shared':
        run.instances.set(line.name.text, declareShared(line, context));
        break;
      case 'value':
        context.environment.define(line.name.text, evaluate(line.value, context));
        break;
      case 'loop':
        runLoop(line, run, context);
        break;
      case 'error':
        checkStatedError(line.field, run.statedFor, context);
        break;
      case 'names':
        runNames(
          line,
          new Map([...run.made, ...madeByInstances(run.instances, context.builder)]),
          context.builder,
          context,
        );
        break;
      case 'scaling': {
        const scaling = readStoredScaling(line, context);
        if (scaling !== undefined) run.scalings.push(scaling);
        break;
      }
    }
  }
}

function runTensor(line: TensorLine, run: LineRun, context: FlowContext, isInLoop: boolean): void {
  const { value } = line;
  const { text } = line.name;
  run.made.delete(text);
  // A tap without "else" is taken where its condition is true.
  const isUnsure = line.isTap && value.kind === 'conditional' && value.otherwise === undefined;
  const isTaken = isUnsure ? evaluateCondition(value.condition, context) : true;
  if (isTaken === false) return;
  const isOutput = text === 'out' && !line.isTap;
  const own = isInLoop && !line.isTap && !isOutput ? nextRound(text, run) : text;
  const path = isOutput ? context.path : `${context.path}/${own}`;
  const target = line.isTap && run.nameOfTap !== undefined ? run.nameOfTap(text) : path;
  const isTap = line.isTap && target !== path;
  const madeBy = { kind: 'line', isTap, encoder: context.path } as const;
  const tensor = run.nameOfTap === undefined ? context.tensor : { name: target, madeBy };
  const from = context.builder.nodes.length;
  const flow = runFlow(value, { ...context, path, target, tensor });
  run.made.set(text, { from, to: context.builder.nodes.length });
  run.tensors.define(text, flow === undefined ? invalid : { kind: 'tensor', ...flow });
  if (isOutput) run.output = flow;
  if (!line.isTap) return;
  if (isTaken === true && run.taps.has(text)) {
    const help = 'Take it once: behind the loop, or under a condition.';
    reportDuplicate(context.reporter, { name: text, what: 'tap', at: line.name.span, help });
  }
  run.taps.set(text, flow);
}

function nextRound(name: string, run: LineRun): string {
  const round = (run.rounds.get(name) ?? 0) + 1;
  run.rounds.set(name, round);
  return `${name}_${round}`;
}

function runLoop(line: LoopLine, run: LineRun, context: FlowContext): void {
  const items = evaluate(line.items, context);
  if (items.kind === 'invalid') {
    const environment = new Environment(context.environment);
    for (const { text } of line.names) environment.define(text, invalid);
    runLines(line.lines, run, { ...context, environment }, true);
    return;
  }
  if (reportWords(line.items, items, context, 'a list')) return;
  const found =
    items.kind !== 'list' ? items : line.destructures ? items.items.find(isMisfit) : undefined;
  if (items.kind !== 'list' || found !== undefined) {
    const count = line.names.length;
    const expects = line.destructures ? `a list of lists of ${count}` : 'a list';
    context.reporter.report(
      'bad-loop-items',
      { expects, found: describeValue(found ?? items) },
      { at: line.items.span, help: ['Write "range(4)" to count from 0 to 3.'] },
    );
    return;
  }
  context.work.count(countItems(items), line.items.span);
  for (const item of line.destructures ? items.items : asRounds(items.items)) {
    const isWithin = context.work.countLines(line.lines.length, line.items.span);
    if (!isWithin || !context.builder.countCall(line.items.span, context.reporter)) return;
    const environment = new Environment(context.environment);
    const parts = line.destructures && item.kind === 'list' ? item.items : [item];
    for (const [index, { text }] of line.names.entries()) {
      environment.define(text, parts[index] ?? invalid);
    }
    runLines(line.lines, run, { ...context, environment }, true);
  }

  function isMisfit(item: Value): boolean {
    const isPair = item.kind === 'list' && item.items.length === line.names.length;
    return item.kind !== 'invalid' && !isPair;
  }
}
