import { Transform } from 'node:stream';

/** More than any document that an editor sends. */
const lengthLimit = 256 * 2 ** 20;
/** Headers are short: what goes on longer without an end is none. */
const headerLimit = 4096;

const separator = '\r\n\r\n';

/**
 * A stream that passes on the messages of the Language Server Protocol and drops
 * what is none, so that one wrong byte does not make the server deaf: bytes that
 * are no header, lengths that are no number, far too large or not those of the
 * message, and bodies that are no JSON. After each it goes on with the next header.
 *
 * JSON cannot hold `Content-Length: 5` followed by a line break, for strings escape
 * them. So where a body seems to hold one, the length before it was wrong, and the
 * message ends there. `tell` gets a sentence about everything that is dropped or repaired.
 */
export function createMessageFilter(report: (problem: string) => void): Transform {
  let pending: Buffer = Buffer.alloc(0);
  /** What came since, while a long message is on its way: joined once it is whole. */
  let later: Buffer[] = [];
  let laterLength = 0;
  /** Until how many pending bytes nothing can be done. */
  let needed = 0;
  /** How much of the pending bytes is known to hold no header inside a body. */
  let searched = 0;
  /** Whether bytes are being passed over, which has been told. */
  let isLost = false;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      later.push(chunk);
      laterLength += chunk.length;
      // A header inside the message, perhaps cut in two, ends it before.
      const seam = Buffer.concat([(later.at(-2) ?? pending).subarray(-headerLimit), chunk]);
      const isWaiting = pending.length + laterLength < needed;
      if (isWaiting && indexOf(seam, completeHeader) === undefined) return done();
      pending = Buffer.concat([pending, ...later]);
      later = [];
      laterLength = 0;
      for (let message = next(); message !== undefined; message = next()) this.push(message);
      done();
    },
    flush(done) {
      if (pending.length + laterLength > 0) report('The input ended inside a message.');
      done();
    },
  });

  /** The next whole message with a header of ours; undefined until more bytes come. */
  function next(): Buffer | undefined {
    for (;;) {
      const start = indexOf(pending, /content-length:/i);
      if (start === undefined) {
        passOver(startOfUnfinishedLines(pending));
        return undefined;
      }
      passOver(startOfLines(pending, start));
      const end = pending.indexOf(separator);
      if (end < 0 && pending.length <= headerLimit) return undefined;
      const header = pending.subarray(0, end).toString('latin1');
      const length = end < 0 || end > headerLimit ? undefined : readLength(header);
      if (length === undefined) {
        const shown = pending.subarray(0, 60).toString('latin1').split('\r\n')[0]!;
        report(`A header says no usable length: ${JSON.stringify(shown)}.`);
        isLost = true;
        // Behind the name: another header may follow at once.
        skip(indexOf(pending, /content-length:/i)! + 'content-length:'.length);
        continue;
      }
      isLost = false;
      const body = end + separator.length;
      const whole = pending.subarray(0, body + length);
      const following = indexOf(whole, completeHeader, Math.max(searched, body));
      if (following === undefined && whole.length < body + length) {
        searched = Math.max(body, pending.length - headerLimit);
        needed = body + length;
        return undefined;
      }
      const real = following === undefined ? body + length : startOfLines(whole, following, body);
      if (following !== undefined) {
        report(`A header says ${length} bytes, and its message has ${real - body}.`);
      }
      const message = frame(pending.subarray(body, real));
      // What is not JSON may be shorter than its header says: another may stand in it.
      skip(message === undefined ? body : real);
      if (message !== undefined) return message;
      isLost = true;
    }
  }

  function passOver(count: number): void {
    if (count === 0) return;
    if (!isLost) report('Bytes that are no message are passed over.');
    isLost = true;
    skip(count);
  }

  function skip(count: number): void {
    pending = pending.subarray(count);
    searched = 0;
    needed = 0;
  }

  function frame(body: Buffer): Buffer | undefined {
    try {
      JSON.parse(body.toString('utf8'));
    } catch {
      report(`A message of ${body.length} bytes is not JSON, and is passed over.`);
      return undefined;
    }
    return Buffer.concat([Buffer.from(`Content-Length: ${body.length}${separator}`), body]);
  }
}

/** A line that no body can hold. */
const completeHeader = /content-length:[ \t]*\d+[ \t]*\r\n/i;

/** Where a pattern of ASCII is found in bytes, at or behind `from`; undefined where it is not. */
function indexOf(bytes: Buffer, pattern: RegExp, from = 0): number | undefined {
  const found = bytes.subarray(from).toString('latin1').search(pattern);
  return found < 0 ? undefined : from + found;
}

/** Where the lines of a header start that stand directly before a place, at or behind `from`. */
function startOfLines(bytes: Buffer, place: number, from = 0): number {
  const before = bytes.subarray(Math.max(from, place - headerLimit), place).toString('latin1');
  return place - /(?:[A-Za-z][A-Za-z-]*: [^\r\n]*\r\n)*$/.exec(before)![0].length;
}

/** Where the lines start, at the end of bytes, that may be a header once more bytes come. */
function startOfUnfinishedLines(bytes: Buffer): number {
  const last = bytes.subarray(-headerLimit).toString('latin1');
  const lines = /(?:[A-Za-z][A-Za-z-]*: [^\r\n]*\r\n)*(?:[A-Za-z][A-Za-z-]*(?::[^\r\n]*\r?)?)?$/;
  return bytes.length - lines.exec(last)![0].length;
}

function readLength(header: string): number | undefined {
  const [, digits] = /^content-length:[ \t]*(\d{1,12})[ \t]*\r?$/im.exec(header) ?? [];
  const length = digits === undefined ? NaN : Number(digits);
  return length <= lengthLimit ? length : undefined;
}
