import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createResolver } from '../../src/project/imports.js';
import type { CommandContext } from '../../src/cli/context.js';
import { createNodeHost } from '../../src/host-node.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'unetc-imports-'));
  mkdirSync(join(folder, 'project/nets'), { recursive: true });
  mkdirSync(join(folder, 'project/shared'));
  writeFileSync(join(folder, 'project/package.json'), '{}');
  writeFileSync(join(folder, 'project/shared/a.unet'), 'block a() = relu\n');
  writeFileSync(join(folder, 'secret.unet'), 'block secret() = relu\n');
  symlinkSync(join(folder, 'secret.unet'), join(folder, 'project/shared/link.unet'));
});

afterAll(() => rmSync(folder, { recursive: true }));

const resolveFrom = (working: string, spec: string) => {
  const at = join(folder, working);
  const context = { folder: at, host: createNodeHost(at) } as unknown as CommandContext;
  return createResolver(spec, context);
};

test('files of the project are found, above the spec too', () => {
  const found = { path: 'shared/a.unet', text: 'block a() = relu\n' };
  expect(resolveFrom('project', 'nets/main.unet')('shared/a.unet')).toEqual(found);
  const below = resolveFrom('project/nets', 'main.unet')('../shared/a.unet');
  expect(below).toEqual({ ...found, path: '../shared/a.unet' });
});

test('files outside are not, nor through links', () => {
  const resolve = resolveFrom('project', 'nets/main.unet');
  expect(resolve('../secret.unet')).toBe('outside');
  expect(resolve('../missing.unet')).toBe('outside');
  expect(resolve('shared/link.unet')).toBe('outside');
  expect(resolve('shared/missing.unet')).toBeUndefined();
  expect(resolve('shared')).toBeUndefined();
});
