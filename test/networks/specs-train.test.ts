import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startEngine } from '../../src/runtime/engines/start-engine.js';
import { compileRun, type CompiledRun } from '../../src/runtime/training/run-spec.js';
import { forms, type Form } from '../codegen/forms.js';
import { logOf, openWorkshop, trained, type Workshop } from '../runtime/training/support.js';

/** Every spec trains by its own recipe, made narrow, on drawn cells: each of its losses falls. */

const size = 32;
/** After so few steps a network may find no pixel of a class, and says so. */
const classNotFound = 'UNET6062';
const pathOf = ({ of }: Form): string => join('specs', of.file);
const shipped = forms.filter((form) => existsSync(pathOf(form)));

let shop: Workshop;

beforeAll(async () => {
  await startEngine('wasm');
  shop = await openWorkshop(6, 1, size);
});
afterAll(() => shop.remove());

test.each(shipped.map((form) => [form.name, form] as const))('%s', async (name, form) => {
  const out = join(shop.folder, name.replaceAll(/\W+/g, '-'));
  const { value, diagnostics } = await trained({ data: shop.data, out, run: runOf(form) });
  expect(diagnostics.filter(({ code }) => code !== classNotFound)).toEqual([]);
  expect(value?.kind).toBe('finished');
  const epochs = logOf(out).flatMap((entry) => {
    const given = entry as { kind: string; loss: number; losses?: Record<string, number> };
    return given.kind === 'epoch' ? [given.losses ?? { mask: given.loss }] : [];
  });
  for (const head of Object.keys(epochs[0]!)) {
    const [first, ...later] = epochs.map((losses) => losses[head]!);
    expect([first, ...later].every(Number.isFinite)).toBe(true);
    expect(Math.min(...later)).toBeLessThan(first!);
  }
});

/** The form for masks of two classes, and for images of the drawn size where its own is fixed. */
function runOf(form: Form): CompiledRun {
  const { text } = form.of;
  const fixed: Record<string, string> = /\brows: int/.test(text)
    ? { rows: `${size}`, columns: `${size}` }
    : {};
  const classes = /loss: .*cross_entropy/.test(text) ? '2' : '1';
  const set: Record<string, string> = { ...form.set, ...fixed, classes };
  const { run, diagnostics } = compileRun(pathOf(form), text, { set, epochs: 5, batch: 2 });
  if (run === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return run;
}
