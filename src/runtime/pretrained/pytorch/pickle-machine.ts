import { TensorFileError } from '../tensor-file.js';
import type { PickleReference, PickleValue } from './pickle-values.js';

export const damaged = (): TensorFileError =>
  new TensorFileError('its pickle is damaged or cut short');

/** What marks where the items of a list begin. */
export const mark = Symbol('mark');

/**
 * The stack machine that pickles are programs of, without instructions. What leads beyond the
 * bytes or below the stack throws a `TensorFileError`.
 */
export class PickleMachine {
  readonly #stack: (PickleValue | typeof mark)[] = [];
  readonly #memo = new Map<number, PickleValue>();
  /** What stands outside of the pickle, in the order in which it is mentioned. */
  readonly references: PickleReference[] = [];

  constructor(
    readonly bytes: Buffer,
    public at: number,
  ) {}

  /** A whole number of some bytes, the lowest first. */
  count(length: 1 | 2 | 4 | 8): number {
    const bytes = this.take(length);
    if (length < 8) return bytes.readUIntLE(0, length);
    const value = bytes.readBigUInt64LE(0);
    if (value > BigInt(this.bytes.length)) throw damaged();
    return Number(value);
  }

  take(length: number): Buffer {
    const taken = this.bytes.subarray(this.at, this.at + length);
    if (taken.length < length) throw damaged();
    this.at += length;
    return taken;
  }

  line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0) throw damaged();
    const text = this.bytes.toString('utf8', this.at, end);
    this.at = end + 1;
    return text;
  }

  push(value: PickleValue | typeof mark): void {
    this.#stack.push(value);
  }

  pop(): PickleValue {
    const value = this.#stack.pop();
    if (value === undefined || value === mark) throw damaged();
    return value;
  }

  /** Puts what the top says of something outside in its place. */
  refer(): void {
    const reference: PickleReference = { kind: 'reference', to: this.pop() };
    this.references.push(reference);
    this.push(reference);
  }

  /** Drops what lies on top, be it a mark. */
  drop(): void {
    if (this.#stack.pop() === undefined) throw damaged();
  }

  top(): PickleValue {
    const value = this.#stack.at(-1);
    if (value === undefined || value === mark) throw damaged();
    return value;
  }

  /** Everything above the last mark, which goes too. */
  popToMark(): PickleValue[] {
    const at = this.#stack.lastIndexOf(mark);
    if (at < 0) throw damaged();
    const items = this.#stack.splice(at + 1) as PickleValue[];
    this.#stack.pop();
    return items;
  }

  store(key: number = this.#memo.size): void {
    this.#memo.set(key, this.top());
  }

  recall(key: number): void {
    const value = this.#memo.get(key);
    if (value === undefined) throw damaged();
    this.push(value);
  }
}
