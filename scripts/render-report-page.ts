import { build } from 'esbuild';
import { format } from 'prettier';

/** The module with the script and the style of reports. */
export const reportPagePath = 'src/runtime/report/page.generated.ts';

/** Compiles `report-page/` into a module that holds it as texts, so that no file is loaded to make a report. */
export async function renderReportPage(): Promise<string> {
  const text = [
    '// Generated from report-page/ by "npm run generate"; do not edit.\n\n',
    '/** The script of a page, which finds `uPlot` there. */\n',
    `export const pageScript =\n  ${JSON.stringify(await compile('main.ts'))};\n\n`,
    '/** Its style sheet. */\n',
    `export const pageStyle =\n  ${JSON.stringify(await compile('style.css'))};\n`,
  ].join('');
  return format(text, { parser: 'typescript', singleQuote: true, printWidth: 100 });
}

async function compile(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [`report-page/${entry}`],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: 'warning',
  });
  return outputFiles[0]!.text.trim();
}
