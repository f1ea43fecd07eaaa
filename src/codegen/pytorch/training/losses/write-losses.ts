import { printNumber } from '../../../python/formulas.js';
import { docstring } from '../../../python/docstring.js';
import { layOut } from '../../../python/layout.js';
import { snakeCase } from '../../../python/names.js';
import type { TrainedOutput, Training } from '../trained-model.js';
import { lossHelpers, type LossHelper } from './helpers.js';
import { LossBody } from './loss-body.js';
import { msSsimLines } from './ms-ssim.js';
import { pixelLosses, writePixelLoss } from './pixel-losses.js';
import { meanByClass, regionLosses, writeRegionLoss } from './region-losses.js';
import { classWeightsOf } from './options.js';
import { wholeLosses } from './whole-losses.js';
import { describeLoss, mapsOfLoss, termsOfLoss } from './terms.js';

/** The losses of a file. */
export interface WrittenLosses {
  /** Its functions, those that are called by others after them. */
  readonly functions: readonly (readonly string[])[];
  /** The function that gives the loss of the output that is validated. */
  readonly ofMain: string;
}

/**
 * Writes the loss of every output as a function of what the output gives, of the masks and
 * of the weight maps; outputs with the same loss share one. With several outputs `losses_of`
 * gives the losses of all, [outputs].
 */
export function writeLosses(training: Training): WrittenLosses {
  const { outputs, main } = training;
  const helpers = new Set<LossHelper>();
  const written = new Map<string, { readonly name: string; readonly lines: readonly string[] }>();
  const similar = new Map<string, string>();
  const names = new Map<TrainedOutput, string>();
  const isOne = new Set(outputs.map((each) => signatureOf(each))).size === 1;
  for (const output of outputs) {
    const signature = signatureOf(output);
    const known = written.get(signature);
    if (known !== undefined) {
      names.set(output, known.name);
      continue;
    }
    const name = isOne ? 'loss_of' : `loss_of_${snakeCase(output.name).replace(/^_+/, '')}`;
    const unique = [...written.values()].some((each) => each.name === name)
      ? `${name}_${written.size + 1}`
      : name;
    names.set(output, unique);
    written.set(signature, { name: unique, lines: lossLines(output, unique, helpers, similar) });
  }
  const all = outputs.length === 1 ? [] : [allLines(training, names)];
  const texts = (Object.keys(lossHelpers) as LossHelper[])
    .filter((name) => helpers.has(name))
    .map((name) => lossHelpers[name].trimEnd().split('\n'));
  const ssim = [...similar].flatMap(([, text]) => splitFunctions(text));
  const functions = [...[...written.values()].map(({ lines }) => lines), ...all, ...texts, ...ssim];
  return { functions, ofMain: names.get(main)! };
}

/** Outputs with equal ones share a function. */
function signatureOf(output: TrainedOutput): string {
  const { channels, activation, gives, classifiesImages, hasMaskSize, loss, firstMap } = output;
  const { form, firstTarget } = output;
  const terms = termsOfLoss(loss).map(({ loss: { name, options }, factor, maps }) => [
    ...[name, options, factor],
    maps.map((at) => firstMap + at),
  ]);
  const plain = [channels, activation, gives, classifiesImages, hasMaskSize, terms];
  return JSON.stringify([...plain, ...(firstTarget === undefined ? [] : [form, firstTarget])]);
}

function lossLines(
  output: TrainedOutput,
  name: string,
  helpers: Set<LossHelper>,
  similar: Map<string, string>,
): readonly string[] {
  const { loss, firstMap } = output;
  const body = new LossBody(output);
  const hasMaps = takesPlanes(output);
  const truth = openLines(body, hasMaps);
  const opened = body.lines.length;
  const terms = termsOfLoss(loss).map(({ loss: call, factor, maps }) => {
    const places = maps.map((at) => firstMap + at);
    const mean = ((): string => {
      if (call.name === 'ms_ssim') {
        const text = msSsimLines(call, 'ms_ssim').join('\n');
        const key = JSON.stringify(call.options);
        const known = [...similar.keys()];
        const at = known.includes(key) ? known.indexOf(key) : known.length;
        const called = at === 0 ? 'ms_ssim' : `ms_ssim_${at + 1}`;
        similar.set(key, at === 0 ? text : renamed(text, at + 1));
        const value = body.value('unlike', `1 - ${called}(${body.counted()}, truth)`);
        return meanByClass(body, value, classWeightsOf(call), true);
      }
      if (call.name === 'bce_iou') {
        const plain = { ...call, name: 'bce' as const, options: {} };
        return `${writePixelLoss(body, plain, [])} + ${writeRegionLoss(body, call)}`;
      }
      const whole = wholeLosses[call.name];
      if (whole !== undefined) return whole(body, call);
      if (call.name in pixelLosses) return writePixelLoss(body, call, places);
      if (call.name in regionLosses) return writeRegionLoss(body, call);
      throw new Error(`no way to write the loss "${call.name}"`);
    })();
    const isSum = call.name === 'bce_iou' && factor !== 1;
    return factor === 1 ? mean : `${printNumber(factor)} * ${isSum ? `(${mean})` : mean}`;
  });
  body.helpers.forEach((each) => helpers.add(each));
  const returned = returnLines(body, terms);
  const written = [...body.lines.slice(opened), ...returned];
  const parameters = [
    `${body.given}: Tensor`,
    'mask: Tensor',
    ...(hasMaps ? ['maps: Tensor'] : []),
  ];
  return [
    ...layOut(0, `def ${name}(${parameters.join(', ')}) -> Tensor:`),
    ...docstring(4, [`${describeLoss(loss)} of a batch, which all processes share.`]),
    ...body.lines.slice(0, opened),
    ...(written.some((line) => /\btruth\b/.test(line)) ? truth : []),
    ...written,
  ];
}

/** The return of a sum, whose parts have names where it is long. */
function returnLines(body: LossBody, terms: readonly string[]): readonly string[] {
  const text = `return ${terms.join(' + ')}`;
  if (text.length <= 84) return [`    ${text}`];
  const from = body.lines.length;
  const names = terms.map((term) => body.value('part', term));
  const lines = body.lines.slice(from);
  body.lines.length = from;
  return [...lines, `    return ${names.join(' + ')}`];
}

/** Writes what every loss begins with, what counts; gives the lines that say what is true. */
function openLines(body: LossBody, hasMaps: boolean): readonly string[] {
  const { channels, classifiesImages, hasMaskSize, form, firstTarget } = body.output;
  const { given, lines } = body;
  const remark = '# sums of many pixels, whatever autocast chose';
  lines.push(`    ${given} = ${given}.float()  ${remark}`);
  if (classifiesImages) {
    lines.push(
      `    truth = ${body.helper('classes_in')}(mask, ${channels})`,
      '    counts = torch.ones_like(truth[:, :1])',
    );
    return [];
  }
  const isOfMask = firstTarget === undefined;
  if (!hasMaskSize) {
    if (isOfMask) lines.push(`    mask = ${body.helper('nearest')}(mask, ${given})`);
    if (hasMaps) lines.push(`    maps = ${body.helper('nearest')}(maps, ${given})`);
  }
  if (!isOfMask && form !== 'classes') {
    const own = `maps[:, ${firstTarget}:${firstTarget + channels}]`;
    lines.push(`    counts = (~${own}.isnan()).all(1, keepdim=True).float()`);
    return [`    truth = ${own}.nan_to_num() * counts`];
  }
  if (!isOfMask) lines.push(`    mask = maps[:, ${firstTarget}].nan_to_num(IGNORED).long()`);
  lines.push('    counts = (mask != IGNORED).unsqueeze(1).float()');
  return channels === 1
    ? ['    truth = (mask > 0).unsqueeze(1) * counts']
    : [
        '    classes = mask.where(mask != IGNORED, 0)',
        `    truth = F.one_hot(classes, ${channels}).movedim(-1, 1) * counts`,
      ];
}

/** Whether the loss of an output needs the planes of a batch: weight maps, or its target. */
export const takesPlanes = ({ loss, firstTarget }: TrainedOutput): boolean =>
  mapsOfLoss(loss).length > 0 || firstTarget !== undefined;

/** The losses of all outputs, and what they weigh. */
function allLines(
  { outputs, names, planes }: Training,
  functions: ReadonlyMap<TrainedOutput, string>,
): readonly string[] {
  const given = planes > 0 ? ', maps: Tensor' : '';
  const own = (output: TrainedOutput): string => (takesPlanes(output) ? ', maps' : '');
  const [first] = outputs;
  const isOne = outputs.every(
    (each) => functions.get(each) === functions.get(first!) && own(each) === own(first!),
  );
  const value = isOne
    ? layOut(
        4,
        `return torch.stack([${functions.get(first!)!}(each, mask${own(first!)}) for each in outputs])`,
      )
    : [
        '    return torch.stack(',
        '        [',
        ...outputs.map(
          (each) => `            ${functions.get(each)!}(outputs.${each.field}, mask${own(each)}),`,
        ),
        '        ]',
        '    )',
      ];
  return [
    ...layOut(0, `def losses_of(outputs: ${names.outputsName!}, mask: Tensor${given}) -> Tensor:`),
    '    """The loss of each output, as OUTPUTS names them."""',
    ...value,
  ];
}

/** A second function for other options, with those that it calls, under names of its own. */
const renamed = (text: string, number: number): string =>
  text.replace(/\b(ms_ssim|power|blur)\b(?=\()/g, `$1_${number}`);

const splitFunctions = (text: string): readonly (readonly string[])[] =>
  text.split('\n\n\n').map((each) => each.split('\n'));
