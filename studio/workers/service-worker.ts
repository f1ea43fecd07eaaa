/** Keeps the page's own files, so that it opens without a network after the first visit. */

const scope = self as unknown as ServiceWorkerGlobalScope;

/** Put in by the build: a name for this build, and its files. */
declare const buildName: string;
declare const buildFiles: readonly string[];

scope.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(buildName)
      .then((cache) => cache.addAll([...buildFiles]))
      .then(() => scope.skipWaiting()),
  );
});

scope.addEventListener('activate', (event) => {
  const forgetOthers = async (): Promise<void> => {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith('unetc-') && name !== buildName);
    await Promise.all(old.map((name) => caches.delete(name)));
    await scope.clients.claim();
  };
  event.waitUntil(forgetOthers());
});

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== 'GET' || address.origin !== scope.location.origin) return;
  const page = new URL('./', scope.location.href).href;
  if (!request.url.startsWith(page)) return;
  event.respondWith(
    caches.open(buildName).then(async (cache) => {
      const kept = await cache.match(request, { ignoreSearch: true });
      return kept ?? fetch(request);
    }),
  );
});
