import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { renderPicturePage } from '../../../editors/vscode/src/picture-page.js';
import type { ToPage } from '../../../editors/vscode/src/messages.js';

/** The page of a picture in the browser that VS Code is made of, under its own policy. */

const browser = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
);
const withBrowser = browser === undefined ? describe.skip : describe;

/** What can be seen of the page once its messages were shown. */
interface Seen {
  /** The picture as text. */
  readonly svg: string;
  /** The colours that its style sheet and its style attributes give. */
  readonly fills: readonly string[];
  readonly models: readonly string[];
  readonly chosen: string;
  /** Undefined while it is hidden. */
  readonly reason: string | undefined;
  readonly isStale: boolean;
  /** Messages to the extension. */
  readonly sent: readonly unknown[];
  readonly title: string;
  readonly width: number;
}

const picture = (svg: string): ToPage => ({ kind: 'picture', svg, model: 'B', models: ['A', 'B'] });
const plain = [
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 200" width="400" height="200">',
  '<style>.box { fill: rgb(1, 2, 3) }</style>',
  '<rect class="box" width="80" height="50"/><text style="fill: rgb(4, 5, 6)">e1</text>',
  '<a href="#e1"><use href="#e1"/></a></svg>',
].join('');

withBrowser('the page', () => {
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'unetc-page-'));
    await build({
      entryPoints: ['editors/vscode/page/picture.ts', 'editors/vscode/page/picture.css'],
      outdir: folder,
      bundle: true,
      format: 'iife',
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Opens the page, shows it messages, runs a script as a person's hand, and looks. */
  function look(messages: readonly ToPage[], hand = ''): Seen {
    const address = (file: string): string => pathToFileURL(join(folder, file)).href;
    const files = { script: address('picture.js'), style: address('picture.css') };
    // VS Code puts a script without the nonce before all others.
    const editor = `<script id="_vscodeApiScript"></script><script nonce="abc">
      const sent = [];
      window.acquireVsCodeApi = () => ({
        postMessage: (message) => sent.push(message),
        getState: () => undefined,
        setState: () => undefined,
      });
      addEventListener('load', async () => {
        for (const message of ${JSON.stringify(messages).replaceAll('<', '\\u003c')}) {
          dispatchEvent(new MessageEvent('message', { data: message }));
        }
        ${hand}
        const reason = document.getElementById('reason');
        const main = document.getElementById('picture');
        const seen = {
          svg: main.innerHTML,
          fills: [...main.querySelectorAll('rect, text')].map((e) => getComputedStyle(e).fill),
          models: [...document.querySelectorAll('option')].map((option) => option.value),
          chosen: document.getElementById('models').value,
          reason: reason.hidden ? undefined : reason.textContent,
          isStale: main.classList.contains('stale'),
          sent,
          title: document.title,
          width: main.querySelector('svg')?.clientWidth ?? 0,
        };
        document.body.dataset.seen = btoa(unescape(encodeURIComponent(JSON.stringify(seen))));
      });
    </script>`;
    const file = join(folder, 'page.html');
    const page = renderPicturePage(files, 'abc').replace('<script', `${editor}<script`);
    writeFileSync(file, page);
    const { stdout, stderr } = spawnSync(
      browser!,
      ['--headless=new', '--no-sandbox', '--disable-gpu', '--window-size=1000,800']
        .concat(['--virtual-time-budget=2000', `--user-data-dir=${join(folder, 'profile')}`])
        .concat(['--dump-dom', pathToFileURL(file).href]),
      { encoding: 'utf8', timeout: 50_000 },
    );
    const seen = /data-seen="([^"]+)"/.exec(stdout)?.[1];
    if (seen === undefined) throw new Error(`The page did not run:\n${stderr}`);
    return JSON.parse(Buffer.from(seen, 'base64').toString('utf8')) as Seen;
  }

  test('shows the picture with its styles, and the models to choose from', () => {
    const seen = look([picture(plain)]);
    expect(seen.fills).toEqual(['rgb(1, 2, 3)', 'rgb(4, 5, 6)']);
    expect(seen.svg).toContain('href="#e1"');
    expect([seen.models, seen.chosen]).toEqual([['A', 'B'], 'B']);
    expect(seen.sent).toEqual([{ kind: 'ready' }]);
    expect(seen.reason).toBeUndefined();
  });

  test('lets nothing of a picture run or load', () => {
    const bad = plain.replace(
      '</svg>',
      [
        '<script>document.title = "ran"</script>',
        '<rect onclick="run()" width="1" height="1"/>',
        '<a href="javascript:run()"><text>x</text></a>',
        '<image href="https://example.org/a.png"/>',
        '<use href="https://example.org/a.svg#x"/>',
        '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><img src="x"/></body></foreignObject>',
        '<set attributeName="href" to="javascript:run()"/></svg>',
      ].join(''),
    );
    const seen = look([picture(bad)]);
    expect(seen.title).toBe('Picture of the network');
    expect(seen.svg).not.toMatch(/script|onclick|example\.org|<img|<image|foreign|<set/i);
    expect(seen.fills.length).toBeGreaterThan(2);
  });

  test('keeps the last picture, dimmed, below the reason that there is none', () => {
    const seen = look([
      picture(plain),
      { kind: 'unavailable', reason: 'The spec has <2> errors.' },
    ]);
    expect(seen.reason).toBe('The spec has <2> errors.');
    expect(seen.isStale).toBe(true);
    expect(seen.svg).toContain('<rect');
    const again = look([{ kind: 'unavailable', reason: 'No.' }, picture(plain)]);
    expect([again.reason, again.isStale]).toEqual([undefined, false]);
  });

  test('says when a picture cannot be read', () => {
    for (const text of ['', '<svg xmlns="http://www.w3.org/2000/svg">']) {
      expect(look([picture(text)]).reason).toBe('The picture could not be read.');
    }
  });

  test('asks for the model that is chosen', () => {
    const { sent } = look(
      [picture(plain)],
      `const models = document.getElementById('models');
       models.value = 'A';
       models.dispatchEvent(new Event('change'));`,
    );
    expect(sent.at(-1)).toEqual({ kind: 'choose', model: 'A' });
  });

  test('zooms by key and button, and fits again', () => {
    const press = (key: string): string =>
      `dispatchEvent(new KeyboardEvent('keydown', { key: '${key}' }));`;
    const fit = look([picture(plain)]).width;
    const larger = look([picture(plain)], `document.getElementById('larger').click();`).width;
    expect(larger / fit).toBeCloseTo(1.25, 1);
    const back = press('+') + press('-') + press('-') + press('0');
    expect(look([picture(plain)], back).width).toBe(fit);
  });
});

if (browser === undefined) {
  test('no browser is installed: the page is not looked at', () => expect(browser).toBe(undefined));
}
