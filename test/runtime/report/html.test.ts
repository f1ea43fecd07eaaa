import { expect, test } from '@jest/globals';
import { html, trusted } from '../../../src/runtime/report/render/html.js';

test('texts are escaped in contents and in attributes, also in lists', () => {
  const bad = `<b a='1' b="2">&`;
  expect(html`<p title="${bad}">${[bad, 3, undefined]}</p>`.text).toBe(
    '<p title="&#60;b a=&#39;1&#39; b=&#34;2&#34;&#62;&#38;">&#60;b a=&#39;1&#39; b=&#34;2&#34;&#62;&#38;3</p>',
  );
});

test('what is HTML already stays as it is', () => {
  expect(html`<p>${html`<b>${'<'}</b>`}${trusted('<i></i>')}</p>`.text).toBe(
    '<p><b>&#60;</b><i></i></p>',
  );
});
