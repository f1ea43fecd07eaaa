import { describe, expect, test } from '@jest/globals';
import {
  checkTarget,
  emittedAddress,
  emittedText,
  sourceOfAddress,
} from '../../../editors/vscode/src/emitted-document.js';
import { renderPicturePage } from '../../../editors/vscode/src/picture-page.js';

describe('the address of an emitted module', () => {
  test.each([
    {
      uri: 'file:///project/net.unet',
      target: 'ts',
      model: undefined,
      path: '/project/net.unet',
      name: '/project/net.ts',
    },
    {
      uri: 'file:///project/net.unet',
      target: 'ts',
      model: 'B',
      path: '/project/net.unet',
      name: '/project/net.B.ts',
    },
    {
      uri: 'file:///project/net.unet',
      target: 'pytorch',
      model: undefined,
      path: '/project/net.unet',
      name: '/project/net.pytorch.py',
    },
    {
      uri: 'file:///a%20b/%C3%A9&=%3F.unet',
      target: 'keras',
      model: 'B',
      path: '/a b/é&=?.unet',
      name: '/a b/é&=?.B.keras.py',
    },
    {
      uri: 'untitled:Untitled-1',
      target: 'ts',
      model: undefined,
      path: 'Untitled-1',
      name: 'Untitled-1.ts',
    },
  ] as const)('of $uri for $target leads back to it', ({ uri, target, model, path, name }) => {
    const address = emittedAddress({ uri, target, model }, path);
    expect(address.path).toBe(name);
    expect(sourceOfAddress(address)).toEqual({ uri, target, model });
  });

  test('is none of another kind of document', () => {
    expect(sourceOfAddress({ scheme: 'file', path: '/a.ts', query: 'spec=file:///a' })).toBe(
      undefined,
    );
    for (const query of ['', 'spec=file:///a&target=onnx', 'spec=file:///a&target=toString']) {
      expect(sourceOfAddress({ scheme: 'unetc-emitted', path: '/a.ts', query })).toBe(undefined);
    }
  });
});

describe('what the document of a module shows', () => {
  test('a reason of several lines is a comment on each of them', () => {
    const result = { kind: 'unavailable', reason: 'Two errors.\n\n*/ x' } as const;
    expect(emittedText(result, undefined, 'ts')).toBe('// Two errors.\n//\n// */ x\n');
    expect(emittedText(result, 'import torch\n', 'pytorch')).toBe(
      '# Two errors.\n#\n# */ x\n# The module below is of an earlier state.\n\nimport torch\n',
    );
  });

  test('the text of another target, which an earlier server gives, is not shown', () => {
    const module = { kind: 'module', text: 'export {};\n', model: 'A', models: ['A'] } as const;
    expect(checkTarget(module, 'ts')).toBe(module);
    expect(checkTarget(module, 'keras')).toEqual({
      kind: 'unavailable',
      reason: 'The language server is too old to write Keras.',
    });
  });
});

describe('the page of a picture', () => {
  const page = renderPicturePage({ script: 'https://a/"x"&.js', style: 'https://a/p.css' }, 'abc');

  test('may run and use what has its nonce, and load nothing else', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1];
    expect(policy?.split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'nonce-abc'",
      "style-src 'nonce-abc'",
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  test('has no script and no style of its own', () => {
    expect(page).not.toMatch(/<style|style=|javascript:|\son\w+=/);
    expect(
      [...page.matchAll(/<script([^>]*)>([^]*?)<\/script>/g)].map((match) => match[2]),
    ).toEqual(['']);
  });

  test('escapes the addresses of its files', () => {
    expect(page).toContain('src="https://a/&quot;x&quot;&amp;.js"');
  });
});
