import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { brotliCompressSync } from 'node:zlib';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium as driver, type Browser, type Page } from 'playwright-core';
import { serveStudio, type StudioServer } from '../../src/cli/studio/serve-studio.js';
import { root } from '../codegen/cases.js';
import { chromium, hasChromium } from '../exports/browser.js';

/** The built page; `npm ci` builds it. */
const page = join(root, 'dist/studio');
const inBrowser = hasChromium ? test : test.skip;

let server: StudioServer;
let browser: Browser | undefined;
let complaints: string[];

beforeAll(async () => {
  server = await serveStudio({ page, folder: undefined, port: 0 });
  if (hasChromium) {
    const args = ['--no-sandbox', '--disable-dev-shm-usage'];
    browser = await driver.launch({ executablePath: chromium, args });
  }
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await server.close();
});

/** A page of its own, with nothing kept; complaints of the console and requests to elsewhere are noted. */
async function open(hash = '', size = { width: 1300, height: 850 }): Promise<Page> {
  complaints = [];
  const context = await browser!.newContext({ viewport: size });
  const opened = await context.newPage();
  opened.on('pageerror', (error) => complaints.push(error.message));
  opened.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  opened.on('request', (request) => {
    const address = request.url();
    if (!/^(data|blob):/.test(address) && !address.startsWith(server.address)) {
      complaints.push(`request: ${address}`);
    }
  });
  await opened.goto(server.address + hash);
  await opened.locator('[data-tensor=e1]').waitFor();
  return opened;
}

/** Puts the cursor behind a text of the editor. */
async function goBehind(opened: Page, text: string): Promise<void> {
  await opened.locator('.cm-content').focus();
  await opened.keyboard.press('Control+Home');
  await opened.keyboard.press('Control+f');
  await opened.locator('.cm-search input[name=search]:focus').waitFor();
  await opened.keyboard.type(text);
  await opened.keyboard.press('Enter');
  await opened.keyboard.press('Escape');
  await opened.keyboard.press('ArrowRight');
}

inBrowser(
  'a network is written, broken and repaired by the keyboard, and the picture follows',
  async () => {
    const opened = await open();
    await goBehind(opened, 'double_conv(width)');
    await opened.keyboard.type(' -> rellu');
    await opened.keyboard.press('Escape');
    await opened.locator('#problems li.error', { hasText: 'rellu' }).waitFor();
    await opened.keyboard.press('Control+.');
    const repair = opened.locator('.actions button').first();
    await repair.waitFor();
    expect(await repair.innerText()).toContain('relu');
    await opened.keyboard.press('Enter');
    await opened.locator('#problems.fine').waitFor();
    expect(await opened.locator('.cm-content').innerText()).toContain('double_conv(width) -> relu');

    await goBehind(opened, 'base: int = ');
    await opened.keyboard.press('Delete');
    await opened.keyboard.type('16');
    await opened.locator('[data-tensor=e1] text', { hasText: '16' }).waitFor();
    expect(complaints).toEqual([]);
  },
  60_000,
);

inBrowser(
  'a box leads to its line, and a line marks its boxes',
  async () => {
    const opened = await open();
    await opened.locator('[data-tensor=mask]').click();
    await opened.locator('.cm-line.cm-activeLine', { hasText: 'head mask' }).waitFor();
    await opened.locator('[data-tensor=mask].marked').waitFor();
    expect(await opened.locator('.marked').count()).toBe(1);
    expect(complaints).toEqual([]);
  },
  60_000,
);

inBrowser(
  'a size that cannot run says where two tensors part, and offers the nearest that can',
  async () => {
    const opened = await open();
    await opened.locator('#tab-picture').press('ArrowRight');
    await opened.locator('#size').fill('500x512');
    const refused = opened.locator('.refused');
    await refused.waitFor();
    expect(await refused.innerText()).toMatch(/e3.*125 x 128.*124 x 128/s);
    await opened.getByText('Use 504 x 512').click();
    await refused.waitFor({ state: 'detached' });
    expect(await opened.locator('#pane-sizes tbody tr').nth(3).innerText()).toMatch(
      /126\s+128\s+32/,
    );
    expect(complaints).toEqual([]);
  },
  60_000,
);

inBrowser(
  'code is emitted in every language when somebody looks',
  async () => {
    const opened = await open();
    await opened.locator('#tab-code').click();
    const code = opened.locator('#pane-code code');
    for (const [target, text] of [
      ['ts', 'export function buildCells'],
      ['pytorch', 'class Cells(nn.Module)'],
      ['keras', 'keras.'],
    ] as const) {
      await opened.locator('#pane-code select').selectOption(target);
      await code.filter({ hasText: text }).waitFor();
    }
    expect(complaints).toEqual([]);
  },
  60_000,
);

inBrowser(
  'an ONNX file holds the bytes that unetc build writes',
  async () => {
    const opened = await open();
    await opened.locator('#tab-code').click();
    await opened.locator('#pane-code select').selectOption('onnx');
    const waiting = opened.waitForEvent('download');
    await opened.locator('#pane-code').getByText('Download').click();
    const inTab = readFileSync(await (await waiting).path());
    expect(complaints).toEqual([]);
    inFolder((run, folder) => {
      run('init', 'demo', 'demo');
      run('build', 'demo/cells.unet', '--target', 'onnx', '--out', 'cells.onnx');
      expect(inTab.equals(readFileSync(join(folder, 'cells.onnx')))).toBe(true);
    });
  },
  90_000,
);

inBrowser(
  'a link holds the files, and opening it brings them back in another browser',
  async () => {
    const opened = await open();
    await goBehind(opened, 'A small U-Net');
    await opened.keyboard.type(' with a secret');
    await opened.locator('#share').click();
    await opened.waitForURL(/#v=[^&]+&s=/);
    const { hash } = new URL(opened.url());
    const other = await open(hash);
    expect(await other.locator('.cm-content').innerText()).toContain('U-Net with a secret');
    expect(complaints).toEqual([]);
  },
  60_000,
);

inBrowser(
  'what is written is there again after the page was closed',
  async () => {
    const opened = await open();
    await goBehind(opened, 'A small U-Net');
    await opened.keyboard.type(' that stays');
    // The page keeps what was written a moment after the last key.
    for (let tries = 0; tries < 50; tries += 1) {
      if (String(await opened.evaluate("localStorage.getItem('unetc-studio')")).includes('stays'))
        break;
      await opened.waitForTimeout(100);
    }
    await opened.reload();
    await opened.locator('[data-tensor=e1]').waitFor();
    expect(await opened.locator('.cm-content').innerText()).toContain('that stays');
  },
  60_000,
);

inBrowser(
  'examples open as files of their own, and definitions lead into the standard library',
  async () => {
    const opened = await open();
    await opened.locator('#examples').click();
    await opened.locator('#gallery-list button', { hasText: 'unet-resnet' }).first().click();
    await opened.locator('[data-tensor=d5]').waitFor();
    await goBehind(opened, 'import resnet');
    await opened.keyboard.press('F12');
    await opened.locator('.cm-content', { hasText: 'He et al. 2015' }).waitFor();
    await opened.keyboard.type('x');
    expect(await opened.locator('#problems.fine').count()).toBe(1);
    expect(complaints).toEqual([]);
  },
  60_000,
);

inBrowser(
  'a training in the tab gives the weights that unetc train gives, bit by bit',
  async () => {
    const opened = await open();
    await goBehind(opened, 'epochs: ');
    await opened.keyboard.press('Delete');
    await opened.keyboard.press('Delete');
    await opened.keyboard.type('2');
    await opened.locator('#tab-training').click();
    await opened.getByText('Train on the demo').click();
    await opened.getByText('Trained.').waitFor({ timeout: 150_000 });
    expect(await opened.locator('.samples canvas').count()).toBe(12);
    expect(await opened.locator('.training > table tbody tr').count()).toBe(2);
    const waiting = opened.waitForEvent('download');
    await opened.getByText('Save the weights').click();
    const inTab = readFileSync(await (await waiting).path());
    expect(complaints).toEqual([]);

    inFolder((run, folder) => {
      run('init', 'demo', 'demo');
      run('train', 'demo/cells.unet', '--data', 'demo/data', '--epochs', '2', '--out', 'run');
      run('weights', 'run', '--to', 'safetensors', '--out', 'w.safetensors');
      const inNode = readFileSync(join(folder, 'w.safetensors'));
      expect(valuesOf(inTab).equals(valuesOf(inNode))).toBe(true);
    });
  },
  240_000,
);

/** Runs the built program in a folder of its own, and then removes that. */
function inFolder(act: (run: (...words: readonly string[]) => void, folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'unetc-tab-'));
  const main = join(root, 'dist/cli/main.js');
  try {
    act((...words) => {
      const { status, stderr } = spawnSync(process.execPath, [main, ...words], {
        cwd: folder,
        encoding: 'utf8',
      });
      expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
    }, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The values of a safetensors file, without the header that says what is known of the network. */
function valuesOf(file: Buffer): Buffer {
  return file.subarray(8 + Number(file.readBigUInt64LE(0)));
}

inBrowser(
  'narrow pages scroll in one direction',
  async () => {
    const opened = await open('', { width: 360, height: 740 });
    const overflow = await opened.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    expect(overflow).toBeLessThanOrEqual(0);
  },
  60_000,
);

test('what is loaded before anything is done has at most 400 kB, compressed as hosts of static files do', () => {
  const seen = new Set<string>();
  const load = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(join(page, file), 'utf8');
    for (const [, path] of text.matchAll(/(?:from|import)\s*"(\.[^"]+\.js)"/g)) {
      load(join(file, '..', path!));
    }
  };
  for (const file of ['index.html', 'style.css', 'main.js', 'language.js']) load(file);
  const bytes = [...seen].reduce(
    (sum, file) => sum + brotliCompressSync(readFileSync(join(page, file))).length,
    0,
  );
  expect(bytes).toBeLessThanOrEqual(400_000);
});
