import { html } from '../report/render/html.js';
import type { PackageFacts } from './package-facts.js';

/** What the page may load and run: files of its own server, and nothing else. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  // The colours of classes are styles of elements.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' blob: data:",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The page of a package, which runs the network in the browser. */
export function pageHtml({ model, scaling, input, sample }: PackageFacts): string {
  const channels = input.channels === 1 ? '1 channel' : `${input.channels} channels`;
  const origin = sample.isSynthetic
    ? 'The sample was drawn by a program: it shows that the network runs, not how good it is.'
    : 'The sample is a photograph that the maker of the package chose.';
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="page/page.css" />
        <title>${model}</title>
      </head>
      <body data-state="working">
        <h1>${model}</h1>
        <p>
          Choose an image, or drop one here. It stays on this machine: the network runs in this
          page.
        </p>
        <p class="quiet">
          Images of ${channels}. ${scaling.text} Height: ${input.height.text}, width:
          ${input.width.text}; other sizes are made to fit.
        </p>
        <div class="controls">
          <input type="file" id="file" accept="image/*,.npy" aria-label="An image" />
          <button id="sample" type="button">The sample</button>
        </div>
        <p id="status" role="status" aria-live="polite">The page is being loaded.</p>
        <section id="result" hidden>
          <figure>
            <div class="stack"><canvas id="picture"></canvas><canvas id="layer"></canvas></div>
            <figcaption id="cover-label">
              <label
                >Classes over the image
                <input type="range" id="cover" min="0" max="1" step="0.05" value="1"
              /></label>
            </figcaption>
          </figure>
          <figure>
            <canvas id="mask"></canvas>
            <figcaption>
              <ul id="found"></ul>
              <a id="save" href="#" download>Save the mask</a>
            </figcaption>
          </figure>
        </section>
        <p id="verdict" class="quiet"></p>
        <p class="quiet">${origin} Computed by <span id="engine">nothing yet</span>.</p>
        <script src="page/page.js"></script>
      </body>
    </html> `.text;
}
