/** Where the page's own files are, as the page may load them. */
export interface PageFiles {
  readonly script: string;
  readonly style: string;
}

/**
 * The page that shows a picture. It may run its own script and use its own style, both
 * by the nonce, and load nothing else: a picture comes as a message and cannot run
 * anything, whatever a spec holds.
 */
export function renderPicturePage(files: PageFiles, nonce: string): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Picture of the network</title>
    <link rel="stylesheet" nonce="${nonce}" href="${asAttribute(files.style)}" />
  </head>
  <body>
    <header>
      <label id="choice" hidden>Model <select id="models"></select></label>
      <span id="zoom" role="group" aria-label="Zoom">
        <button id="smaller" title="Smaller (-)">−</button>
        <button id="fit" title="Fit the width (0)">Fit</button>
        <button id="larger" title="Larger (+)">+</button>
      </span>
    </header>
    <p id="reason" role="status" hidden></p>
    <main id="picture"></main>
    <script nonce="${nonce}" src="${asAttribute(files.script)}"></script>
  </body>
</html>
`;
}

function asAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
