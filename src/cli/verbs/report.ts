import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { openLedger } from '../../ledger/open-ledger.ts';
import { renderHtml } from '../../report/page/html.ts';
import { excerpt } from '../../report/page/log-excerpt.ts';
import { renderMarkdown } from '../../report/page/markdown.ts';
import { proofOf } from '../../report/page/proof.ts';
import type { ExitCode, Invocation } from '../command.ts';
import { writeAtomically } from '../write-file.ts';

const KINDS = { html: 'html', markdown: 'md', json: 'json' } as const;

/** `plimsoll report`: one page from the ledger alone. */
export async function run({ positionals, flags, terminal }: Invocation): Promise<ExitCode> {
  const directory = positionals[0] ?? '.';
  const format = String(flags['format'] ?? 'html');
  if (!Object.hasOwn(KINDS, format)) {
    terminal.err(`plimsoll: report knows the formats html, markdown and json, not "${format}".\n`);
    return 2;
  }
  if (!existsSync(directory) || !statSync(directory).isDirectory()) {
    terminal.err(`plimsoll: ${directory} is no directory.\n`);
    return 2;
  }
  const ledger = openLedger(directory);
  const proof = proofOf(ledger.entries());
  for (const broken of ledger.broken())
    terminal.err(
      `${broken.file}:${broken.line} is no evidence and was left out (${broken.text}). Remove the line to silence this.\n`,
    );
  if (proof === undefined) {
    terminal.err(
      `plimsoll: there is no evidence in ${join(directory, '.plimsoll')} yet. Run: plimsoll prove ${directory}\n`,
    );
    return 2;
  }
  const page =
    format === 'html'
      ? renderHtml(proof, (digest) => excerpt(ledger.log(digest)))
      : format === 'markdown'
        ? renderMarkdown(proof)
        : `${JSON.stringify({ version: 1, ...proof }, null, 2)}\n`;
  const output =
    flags['output'] === undefined
      ? join(directory, '.plimsoll', `report.${KINDS[format as keyof typeof KINDS]}`)
      : String(flags['output']);
  if (output === '-') {
    terminal.out(page);
    return 0;
  }
  mkdirSync(dirname(resolve(output)), { recursive: true });
  const fault = writeAtomically(output, page);
  if (fault !== undefined) {
    terminal.err(`plimsoll: ${fault}\n`);
    return 2;
  }
  terminal.out(
    `${relative(process.cwd(), resolve(output)).startsWith('..') ? resolve(output) : relative(process.cwd(), resolve(output))}\n`,
  );
  return 0;
}
