import type { Ledger } from '../ledger/ledger.ts';
import type { Terminal } from './terminal.ts';

/** Lines of the ledger that are no evidence: they are left out, and the user is told which and what to do. */
export function warnOfBrokenLines(ledger: Ledger, terminal: Pick<Terminal, 'err'>): void {
  for (const broken of ledger.broken())
    terminal.err(
      `${broken.file}:${broken.line} ${broken.text} and was left out. Remove the line to silence this; the other lines count.\n`,
    );
}
