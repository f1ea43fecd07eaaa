import {
  decodeText,
  FileError,
  objectOf,
  readBytes,
  type JsonObject,
  type JsonValue,
} from '../../../files/index.js';
import type { Reporter } from '../../../diagnostics/report.js';
import { atFile } from '../at-file.js';
import { reasonOf } from '../data-error.js';

/**
 * The object that a document of annotations is; undefined, and a report, where the file cannot be
 * read, lies outside of the folder, or holds no JSON: the decoder says where it ends to be some.
 */
export async function readDocument(
  folder: string,
  file: string,
  reporter: Reporter,
): Promise<JsonObject | undefined> {
  const refuse = (reason: string): undefined => {
    reporter.report('annotations-unreadable', { file, reason }, { at: atFile(file) });
    return undefined;
  };
  let text: string;
  try {
    text = decodeText(file, await readBytes(file, 'annotations', { within: folder }));
  } catch (problem) {
    if (!(problem instanceof FileError)) throw problem;
    return refuse(reasonOf(problem));
  }
  try {
    const value = objectOf(JSON.parse(text.replace(/^\ufeff/, '')) as JsonValue);
    return value ?? refuse('it holds no object of JSON');
  } catch (problem) {
    return refuse(`it is no JSON: ${reasonOf(problem)}`);
  }
}

/** Tells what is wrong at a place of a document: what was found, and what was expected. */
export type Complain = (place: string, found: string, expected: string) => undefined;

/** Faults of one document that are told: the first ones lead to the others. */
const mostTold = 10;

/** What reports the first faults of a document, as problems of the file `at`. */
export function complaining(file: string, at: string, reporter: Reporter): Complain {
  let told = 0;
  return (place, found, expected) => {
    const parameters = { file, place, found, expected };
    if (told++ < mostTold) reporter.report('annotation-bad', parameters, { at: atFile(at) });
    return undefined;
  };
}
