import { TensorFileError } from '../tensor-file.js';
import { damaged, mark, PickleMachine } from './pickle-machine.js';
import {
  isKind,
  type PickleDict,
  type PickleList,
  type PickleReference,
  type PickleValue,
} from './pickle-values.js';

/** A pickle, and where in the bytes it ends. */
export interface ReadPickle {
  readonly value: PickleValue;
  /** What stands outside of the pickle, in the order in which it is mentioned. */
  readonly references: readonly PickleReference[];
  readonly end: number;
}

/**
 * Reads one pickle of the protocols 2 to 5 (Python's `pickletools` lists the instructions)
 * without running anything that it names. Throws `TensorFileError` where it is damaged.
 */
export function readPickle(bytes: Buffer, start = 0): ReadPickle {
  const machine = new PickleMachine(bytes, start);
  for (;;) {
    const code = machine.count(1);
    if (code === stop) {
      return { value: machine.pop(), references: machine.references, end: machine.at };
    }
    const instruction = instructions[code];
    if (instruction === undefined) {
      const shown = `0x${code.toString(16).padStart(2, '0')}`;
      throw new TensorFileError(`its pickle has the instruction ${shown}, which is not known`);
    }
    instruction(machine);
  }
}

type Instruction = (machine: PickleMachine) => void;

const stop = 0x2e;

const list = (items: PickleValue[]): PickleList => ({ kind: 'list', items });
const dict = (items: readonly PickleValue[] = []): PickleDict => {
  const made: PickleDict = { kind: 'dict', entries: new Map() };
  setItems(made, items);
  return made;
};

/** Puts pairs of keys and values, one behind the other, into a dict. */
function setItems(target: PickleValue, items: readonly PickleValue[]): void {
  if (items.length % 2 !== 0) throw damaged();
  if (!isKind(target, 'dict') && !isKind(target, 'object')) throw damaged();
  for (let at = 0; at < items.length; at += 2) target.entries.set(items[at]!, items[at + 1]!);
}

function append(target: PickleValue, items: readonly PickleValue[]): void {
  if (!isKind(target, 'list') && !isKind(target, 'object')) throw damaged();
  for (const item of items) target.items.push(item);
}

function call(machine: PickleMachine): void {
  const args = machine.pop();
  const callee = machine.pop();
  if (!isKind(args, 'list')) throw damaged();
  machine.push({
    kind: 'object',
    ...{ callee, args: args.items, state: null },
    ...{ entries: new Map(), items: [] },
  });
}

function build(machine: PickleMachine): void {
  const state = machine.pop();
  const target = machine.top();
  if (isKind(target, 'object')) target.state = state;
}

const text =
  (length: 1 | 4 | 8): Instruction =>
  (machine) =>
    machine.push(machine.take(machine.count(length)).toString('utf8'));

const binary =
  (length: 1 | 4 | 8): Instruction =>
  (machine) =>
    machine.push(machine.take(machine.count(length)));

/** A whole number of any length, as its two's complement, the lowest byte first. */
const long =
  (length: 1 | 4): Instruction =>
  (machine) => {
    const bytes = machine.take(machine.count(length));
    let value = 0n;
    for (const byte of [...bytes].reverse()) value = (value << 8n) | BigInt(byte);
    machine.push(BigInt.asIntN(Math.max(8, 8 * bytes.length), value));
  };

const tuple =
  (length: number): Instruction =>
  (machine) => {
    const items = Array.from({ length }, () => machine.pop());
    machine.push(list(items.reverse()));
  };

const constant =
  (value: PickleValue): Instruction =>
  (machine) =>
    machine.push(value);

const global = (module: PickleValue, name: PickleValue): PickleValue => {
  if (typeof module !== 'string' || typeof name !== 'string') throw damaged();
  return { kind: 'global', name: `${module}.${name}` };
};

const character = (text: string): number => text.charCodeAt(0);

/** By the byte that stands for each. */
const instructions: Readonly<Record<number, Instruction>> = {
  // PROTO and FRAME
  0x80: (machine) => void machine.take(1),
  0x95: (machine) => void machine.take(8),
  // Numbers
  [character('J')]: (machine) => machine.push(machine.count(4) | 0),
  [character('K')]: (machine) => machine.push(machine.count(1)),
  [character('M')]: (machine) => machine.push(machine.count(2)),
  0x8a: long(1),
  0x8b: long(4),
  [character('G')]: (machine) => machine.push(machine.take(8).readDoubleBE(0)),
  [character('N')]: constant(null),
  0x88: constant(true),
  0x89: constant(false),
  // Texts and bytes
  0x8c: text(1),
  [character('X')]: text(4),
  0x8d: text(8),
  [character('U')]: text(1),
  [character('T')]: text(4),
  [character('C')]: binary(1),
  [character('B')]: binary(4),
  0x8e: binary(8),
  0x96: binary(8),
  // Lists, tuples and sets
  [character('(')]: (machine) => machine.push(mark),
  [character(')')]: tuple(0),
  0x85: tuple(1),
  0x86: tuple(2),
  0x87: tuple(3),
  [character('t')]: (machine) => machine.push(list(machine.popToMark())),
  [character(']')]: tuple(0),
  [character('l')]: (machine) => machine.push(list(machine.popToMark())),
  0x8f: tuple(0),
  0x91: (machine) => machine.push(list(machine.popToMark())),
  [character('a')]: (machine) => {
    const item = machine.pop();
    append(machine.top(), [item]);
  },
  [character('e')]: (machine) => {
    const items = machine.popToMark();
    append(machine.top(), items);
  },
  0x90: (machine) => {
    const items = machine.popToMark();
    append(machine.top(), items);
  },
  // Dicts
  [character('}')]: (machine) => machine.push(dict()),
  [character('d')]: (machine) => machine.push(dict(machine.popToMark())),
  [character('s')]: (machine) => {
    const [value, key] = [machine.pop(), machine.pop()];
    setItems(machine.top(), [key, value]);
  },
  [character('u')]: (machine) => {
    const items = machine.popToMark();
    setItems(machine.top(), items);
  },
  // What Python would look up, call and fill
  [character('c')]: (machine) => {
    const module = machine.line();
    machine.push(global(module, machine.line()));
  },
  0x93: (machine) => {
    const name = machine.pop();
    machine.push(global(machine.pop(), name));
  },
  [character('R')]: call,
  0x81: call,
  0x92: (machine) => {
    machine.pop();
    call(machine);
  },
  [character('b')]: build,
  [character('Q')]: (machine) => machine.refer(),
  // The stack and what is remembered
  [character('0')]: (machine) => machine.drop(),
  [character('1')]: (machine) => void machine.popToMark(),
  [character('2')]: (machine) => machine.push(machine.top()),
  [character('q')]: (machine) => machine.store(machine.count(1)),
  [character('r')]: (machine) => machine.store(machine.count(4)),
  0x94: (machine) => machine.store(),
  [character('h')]: (machine) => machine.recall(machine.count(1)),
  [character('j')]: (machine) => machine.recall(machine.count(4)),
};
