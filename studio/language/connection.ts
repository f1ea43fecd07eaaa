import type { Transport } from '@codemirror/lsp-client';

/** A connection to the server's worker. */
export interface ServerConnection {
  readonly transport: Transport;
  /** Ends the worker. */
  close(): void;
}

interface Message {
  readonly id?: number | string;
  readonly method?: string;
}

/**
 * Starts the language server. A worker that leaves a question unanswered for `patience`
 * milliseconds is ended, and `onLost` is told: a text from a stranger can make no page hang.
 */
export function startLanguage(patience: number, onLost: () => void): ServerConnection {
  const worker = new Worker(new URL('./language.js', import.meta.url), { type: 'module' });
  const handlers = new Set<(message: string) => void>();
  const waiting = new Map<number | string, number>();
  const close = (): void => {
    for (const timer of waiting.values()) window.clearTimeout(timer);
    waiting.clear();
    worker.terminate();
  };
  const lose = (): void => {
    close();
    onLost();
  };
  worker.addEventListener('error', lose);
  worker.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if (data.id !== undefined && data.method === undefined) {
      window.clearTimeout(waiting.get(data.id));
      waiting.delete(data.id);
    }
    const text = JSON.stringify(data);
    for (const handler of handlers) handler(text);
  });
  return {
    close,
    transport: {
      send(text) {
        const message = JSON.parse(text) as Message;
        if (message.id !== undefined && message.method !== undefined) {
          waiting.set(message.id, window.setTimeout(lose, patience));
        }
        worker.postMessage(message);
      },
      subscribe: (handler) => void handlers.add(handler),
      unsubscribe: (handler) => void handlers.delete(handler),
    },
  };
}
