import { Names } from '../program/names.js';

/** Words that no variable of a strict-mode module may be called, and globals that emitted code reads. */
const reserved: ReadonlySet<string> = new Set(
  (
    'arguments as async await break case catch class const continue debugger default delete do ' +
    'else enum eval export extends false finally for from function get if implements import in ' +
    'instanceof interface let new null of package private protected public return set static ' +
    'super switch this throw true try type typeof undefined var void while with yield ' +
    'Array Float32Array Infinity Math NaN Number Object RangeError Record tf'
  ).split(' '),
);

/** The names that a module declares. */
export const moduleNames = (): Names => new Names((name) => !reserved.has(name));

/** The names of one function of a module: none hides what the module declares. */
export const localNames = (module: Names): Names => new Names((name) => module.isFree(name));
