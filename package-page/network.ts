import type {
  AskedImage,
  ClassifiedPicture,
  PageAnswer,
  PageQuestion,
  PaintedPicture,
} from '../src/runtime/package/page/messages.js';

/** What the network found in an image. */
export type Found =
  | ({ readonly kind: 'painted' } & PaintedPicture)
  | ({ readonly kind: 'classified' } & ClassifiedPicture);

/** The network, which runs in a worker. */
export interface Network {
  /** What computes, in words; rejects where the network cannot be opened. */
  readonly ready: Promise<string>;
  /** Rejects with what is wrong with the image. */
  look(image: AskedImage, onTile: (done: number, total: number) => void): Promise<Found>;
}

interface Waiting {
  readonly done: (found: Found) => void;
  readonly fail: (error: Error) => void;
  readonly onTile: (done: number, total: number) => void;
}

/** Starts the worker. */
export function startNetwork(): Network {
  const worker = new Worker('page/worker.js');
  const waiting = new Map<number, Waiting>();
  let last = 0;
  const ready = new Promise<string>((resolve, reject) => {
    worker.onerror = ({ message }) => reject(new Error(message || 'The worker did not start.'));
    worker.onmessage = ({ data: answer }: MessageEvent<PageAnswer>) => {
      const asked = 'id' in answer && answer.id !== undefined ? waiting.get(answer.id) : undefined;
      switch (answer.kind) {
        case 'ready':
          return resolve(answer.engine);
        case 'tiles':
          return asked?.onTile(answer.done, answer.total);
        case 'failed':
          return (asked?.fail ?? reject)(new Error(answer.reason));
        case 'painted':
        case 'classified':
          return asked?.done(answer);
      }
    };
  });
  return {
    ready,
    look: (image, onTile) =>
      new Promise((done, fail) => {
        last += 1;
        waiting.set(last, { done, fail, onTile });
        worker.postMessage({ id: last, image } satisfies PageQuestion);
      }),
  };
}
