import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { protocolDiagnostics } from '../../src/lsp/diagnostics.js';
import { Workspace } from '../../src/lsp/workspace.js';
import { createMemoryHost } from '../../src/host.js';
import { callCli } from '../cli/run-cli.js';
import { compileGrown } from './compile-grown.js';
import { growths } from './growing-specs.js';

describe('a network of 10,000 operations in a row', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'unetc-growth-'));
    writeFileSync(join(folder, 'net.unet'), growths.chain.grow(3333).text);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['check'],
    ['sizes'],
    ['summary'],
    ['expand'],
    ['fmt'],
    ['topology'],
    ['draw'],
    ['draw', '--format', 'dot'],
    ['draw', '--format', 'mermaid'],
    ['build', '--stdout'],
    ['build', '--stdout', '--target', 'pytorch'],
    ['build', '--target', 'onnx'],
  ])('passes %s %s %s', async (...words) => {
    const { code, stderr } = await callCli([...words, 'net.unet'], { folder });
    expect({
      code,
      stderr: stderr.replace(/^(wrote .*|formatted .*|1 spec, no problems)\n$/, ''),
    }).toEqual({
      code: 0,
      stderr: '',
    });
  });

  it('is refused by the layers model, whose library calls itself for every layer', async () => {
    const { code, stderr } = await callCli(['build', '--target', 'tfjs', 'net.unet'], { folder });
    expect(code).toBe(1);
    expect(stderr).toContain('10002 operations');
  });

  it('has its problems told in an editor', () => {
    const workspace = new Workspace(createMemoryHost({}), undefined);
    const text = growths.chain.grow(3333).text.replace('-> relu\n  }', '-> rleu\n  }');
    workspace.update('file:///net.unet', 1, text);
    const told = protocolDiagnostics(workspace.analyse('file:///net.unet')!, workspace);
    expect(told.map(({ message }) => message)).toEqual([expect.stringContaining('rleu')]);
  });
});

describe('files that import each other', () => {
  it('may be more than calls can nest', () => {
    const { models, files } = compileGrown('importChain', 3000);
    expect(models).toHaveLength(1);
    expect(files).toHaveLength(3001);
  });
});
