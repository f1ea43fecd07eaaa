/** The text of `serve.mjs` of a package: serves its page to this machine alone, with Node and nothing else. */
export const serveScript = `// Made by unetc: serves this folder to this machine alone. node serve.mjs [PORT]
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(new URL('.', import.meta.url)));
const types = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
};

// Workers do not take over the policy of their page.
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:";

const server = createServer(({ url, method, headers }, response) => {
  const refuse = (code) => response.writeHead(code).end();
  // A page of another site may name this machine by a name of its own.
  if (!/^(localhost|127\\.0\\.0\\.1)(:\\d+)?$/.test(headers.host ?? '')) return refuse(403);
  if (method !== 'GET' && method !== 'HEAD') return refuse(405);
  let path;
  try {
    path = decodeURIComponent(new URL(url, 'http://localhost').pathname);
  } catch {
    return refuse(400);
  }
  const file = join(root, path.endsWith('/') ? join(path, 'index.html') : path);
  const found = file.startsWith(root + sep) && statSync(file, { throwIfNoEntry: false });
  if (!found || !found.isFile()) return refuse(404);
  response.writeHead(200, {
    'content-type': types[extname(file)] ?? 'application/octet-stream',
    'content-length': found.size,
    'cache-control': 'no-cache',
    'content-security-policy': policy,
  });
  if (method === 'HEAD') return response.end();
  createReadStream(file).pipe(response);
});
server.listen(Number(process.argv[2] ?? 8000), '127.0.0.1', () => {
  console.log(\`http://127.0.0.1:\${server.address().port}/\`);
});
`;
