import { existsSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { openLedger } from '../../ledger/open-ledger.ts';
import { renderHtml } from '../../report/page/html.ts';
import { excerpt } from '../../report/page/log-excerpt.ts';
import { renderMarkdown } from '../../report/page/markdown.ts';
import { proofOf } from '../../report/page/proof.ts';
import type { ExitCode, Invocation } from '../command.ts';
import { warnOfBrokenLines } from '../ledger-warnings.ts';
import { nearest } from '../suggest.ts';
import { writeAtomically } from '../write-file.ts';

const KINDS = { html: 'html', markdown: 'md', json: 'json' } as const;

/** `plimsoll report`: one page from the ledger alone. */
export async function run({ positionals, flags, terminal }: Invocation): Promise<ExitCode> {
  const directory = positionals[0] ?? '.';
  const format = String(flags['format'] ?? 'html');
  if (!Object.hasOwn(KINDS, format)) {
    const near = nearest(format, Object.keys(KINDS));
    terminal.err(
      `plimsoll: report knows the formats html, markdown and json, not "${format}".${near === undefined ? '' : ` Did you mean ${near}?`}\n`,
    );
    return 2;
  }
  if (!existsSync(directory) || !statSync(directory).isDirectory()) {
    terminal.err(`plimsoll: ${directory} is no directory.\n`);
    return 2;
  }
  const ledger = openLedger(directory);
  const proof = proofOf(ledger.entries());
  warnOfBrokenLines(ledger, terminal);
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
  const fault = writeAtomically(output, page);
  if (fault !== undefined) {
    terminal.err(`plimsoll: ${fault}\n`);
    return 2;
  }
  const near = relative(process.cwd(), resolve(output));
  terminal.out(`${near.startsWith('..') ? resolve(output) : near}\n`);
  return 0;
}
