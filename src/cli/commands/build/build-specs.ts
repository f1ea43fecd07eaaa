import { dirname, resolve } from 'node:path';
import { compileText, type Compilation, type CompiledModel } from '../../../compile.js';
import { hasErrors, type Diagnostic, type Result } from '../../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../../diagnostics/report.js';
import type { SourceFile } from '../../../diagnostics/source.js';
import { commandLine, type InputFiles } from '../../../files/index.js';
import type { Resolve } from '../../../frontend/declarations/load-files.js';
import { createResolver } from '../../../project/imports.js';
import type { CommandContext, ExitCode } from '../../context.js';
import { formOf } from '../../model-form.js';
import { inputFiles } from '../../output-files.js';
import { displayedPath, nowhere, reportDiagnostics } from '../../report.js';
import { weightSourceOf } from '../../weights.js';
import type { BuildOptions } from './build-options.js';
import { chooseModels } from './choose-models.js';
import { planPlaces, specName, type PlaceOf } from './output-path.js';
import { targetOf, type TextTarget } from './targets.js';
import { checkModule, writeModule } from './write-module.js';

const failed = (diagnostic: Diagnostic): Result<undefined> => ({
  value: undefined,
  diagnostics: [diagnostic],
});

/** What became of a spec. */
interface Made {
  readonly diagnostics: readonly Diagnostic[];
  /** False where a check found a file that is missing or other. */
  readonly isFresh: boolean;
}

/** One call of the command; a spec with errors does not keep the others from being built. */
export class Build {
  /** The files that each spec asked for when it was built last, there or not. */
  readonly #imports = new Map<string, Set<string>>();

  /** The spec of which each folder has `train.py` and `data.py`. */
  readonly #trained = new Map<string, string>();

  constructor(
    readonly options: BuildOptions,
    readonly set: Readonly<Record<string, string>>,
    readonly stdin: SourceFile | undefined,
    readonly context: CommandContext,
  ) {}

  /** Builds `changed`, placed as befits all specs of the call. */
  async all(changed: readonly SourceFile[], every: readonly SourceFile[]): Promise<ExitCode> {
    const { context, options: given } = this;
    const specs = every.map((source) => source.path);
    const target = targetOf(given.target);
    const makes = target.kind === 'text' ? 'files' : target.makes;
    const placeOf = planPlaces(specs, given.out, makes, context);
    const diagnostics: Diagnostic[] = [];
    const sources: SourceFile[] = [];
    let isFresh = true;
    for (const source of changed) {
      const requested = new Set<string>();
      this.#imports.set(source.path, requested);
      const answer = createResolver(source.path, context);
      const resolveImport: Resolve = (path) => {
        requested.add(path);
        return answer(path);
      };
      const compilation = compileText(source.path, source.text, {
        set: this.set,
        resolve: resolveImport,
      });
      sources.push(...compilation.files.map((file) => file.source));
      diagnostics.push(...compilation.diagnostics);
      if (hasErrors(compilation.diagnostics)) continue;
      const read = [...specs, ...compilation.files.map((file) => file.source.path)];
      const made = await this.#one(source, inputFiles(read, context), compilation, placeOf);
      diagnostics.push(...made.diagnostics);
      isFresh &&= made.isFresh;
    }
    const code = reportDiagnostics(diagnostics, context, { sources });
    if (given.check && isFresh && code === 0) {
      const count = changed.length;
      const what = target.kind === 'text' ? 'module' : 'model';
      context.stderr.write(`${count} ${count === 1 ? `${what} is` : `${what}s are`} fresh\n`);
    }
    return isFresh ? code : 1;
  }

  /** The text of a spec and of what it imports. */
  contentOf({ path, text }: SourceFile): string {
    const answer = createResolver(path, this.context);
    const imports = [...(this.#imports.get(path) ?? [])].map((requested) => [
      requested,
      answer(requested),
    ]);
    return JSON.stringify([text, imports]);
  }

  async #one(
    source: SourceFile,
    inputs: InputFiles,
    { models: whole }: Compilation,
    placeOf: PlaceOf,
  ): Promise<Made> {
    const { context, options: given } = this;
    const chosen = chooseModels(source.path, whole, given.model);
    if ('diagnostics' in chosen) return { diagnostics: chosen.diagnostics, isFresh: true };
    const models: CompiledModel[] = [];
    for (const model of chosen.models) {
      const form = formOf(model, given);
      if ('diagnostics' in form) return { diagnostics: form.diagnostics, isFresh: true };
      models.push(form.model);
    }
    const target = targetOf(given.target);
    if (target.kind === 'model') return this.#models(source, inputs, models, placeOf);
    const emitted = await this.#texts(source, models, target, placeOf);
    const { value: texts, diagnostics } = emitted;
    if (texts === undefined) return { diagnostics, isFresh: true };
    const [[path, text] = ['', '']] = texts;
    const isPiped = source === this.stdin && given.out === undefined;
    if (given.stdout || (isPiped && !given.train)) {
      context.stdout.content(text);
      return { diagnostics, isFresh: true };
    }
    if (given.check) {
      const usual = target.named(source.path).replace(/\.unet$/, target.ending);
      const words = [
        ...(given.target === undefined ? [] : ['--target', given.target]),
        ...(given.train ? ['--train'] : []),
        ...(given.model === undefined ? [] : ['--model', given.model]),
        ...(path === usual ? [] : ['--out', displayedPath(path, context.folder)]),
      ];
      const shown = displayedPath(source.path, context.folder);
      const call = commandLine(['unetc', 'build', shown, ...words]);
      const fresh = [...texts].map(([place, each]) => checkModule(place, each, call, context));
      return { diagnostics, isFresh: fresh.every(Boolean) };
    }
    const written = [...texts].flatMap(([place, each]) =>
      writeModule(place, each, target.firstWords, inputs, context),
    );
    return { diagnostics: [...diagnostics, ...written], isFresh: true };
  }

  /** What is written of a spec, by place: the module first. */
  async #texts(
    source: SourceFile,
    models: readonly CompiledModel[],
    target: TextTarget,
    placeOf: PlaceOf,
  ): Promise<Result<ReadonlyMap<string, string> | undefined>> {
    const path = placeOf(target.named(source.path), target.ending);
    const from = { file: specName(displayedPath(source.path, this.context.folder)), set: this.set };
    if (this.options.train) {
      if (source === this.stdin && this.options.out === undefined) {
        const parameters = { first: '--train', second: '-' };
        return failed(createDiagnostic('options-exclude', parameters, { at: nowhere }));
      }
      const place = dirname(resolve(this.context.folder, path));
      const other = this.#trained.get(place) ?? source.path;
      this.#trained.set(place, other);
      if (other !== source.path) {
        const parameters = { first: other, second: source.path };
        const at = { file: source.path, start: 0, end: 0 };
        return failed(createDiagnostic('train-files-clash', parameters, { at }));
      }
      const { trainingFiles } = await import('./training-files.js');
      return trainingFiles(path, source.path, models, from);
    }
    const { value, diagnostics } = await target.emit(models, from);
    return { value: value === undefined ? undefined : new Map([[path, value]]), diagnostics };
  }

  /** Writes each model of a spec with its weights. */
  async #models(
    source: SourceFile,
    inputs: InputFiles,
    models: readonly CompiledModel[],
    placeOf: PlaceOf,
  ): Promise<Made> {
    const { context, options: given } = this;
    const { ending } = targetOf(given.target);
    const place = placeOf(source.path, ending);
    const bare = place.endsWith(ending) ? place.slice(0, -ending.length) : place;
    const diagnostics: Diagnostic[] = [];
    let isFresh = true;
    for (const model of models) {
      const path = models.length === 1 ? place : `${bare}-${model.name}${place.slice(bare.length)}`;
      const chosen = weightSourceOf(source.path, model, given, context);
      if ('diagnostics' in chosen) {
        diagnostics.push(...chosen.diagnostics);
        continue;
      }
      const { addWeightFiles, startingWeights } = await import('./starting-weights.js');
      const weigh = startingWeights(model, chosen.source, context);
      const isOnnx = given.target === 'onnx';
      // An ONNX file replaces none that is not ours, and so no part of a model beside it.
      if (chosen.source !== undefined) addWeightFiles(chosen.source, inputs, !isOnnx);
      if (isOnnx) {
        const { writeOnnx } = await import('./write-onnx.js');
        const wishes = {
          check: given.check,
          isApart: given['external-weights'],
          foldsNorms: given['fold-norms'],
        };
        const made = await writeOnnx(path, weigh, wishes, inputs, context);
        diagnostics.push(...made.diagnostics);
        isFresh &&= made.isFresh;
      } else {
        const { writeLayersModel } = await import('./write-layers-model.js');
        diagnostics.push(...(await writeLayersModel(path, model, weigh, inputs, context)));
      }
    }
    return { diagnostics, isFresh };
  }
}
