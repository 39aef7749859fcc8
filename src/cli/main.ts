// The entry of the `plimsoll` command. It answers --version before it loads anything else: that is its start-up budget. It is
// built as CommonJS, because Node starts its loader of modules only for the first one that it meets.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { loadCode } from './kept/code.ts';
import { keptFolder } from './kept/folder.ts';

declare const PLIMSOLL_VERSION: string;

/** Verbs with code of their own; everything else checks. */
const VERBS = new Set(['doctor', 'explain', 'init', 'prove', 'refit', 'report', 'show']);

const first = process.argv[2];
if (process.argv.length === 3 && (first === '--version' || first === '-V')) {
  process.stdout.write(`${PLIMSOLL_VERSION}\n`);
} else {
  // Built beside this file from cli.ts, as one file that Node compiles once and keeps compiled.
  const file = join(__dirname, 'command.cjs');
  const { size, mtimeMs } = statSync(file);
  const folder = keptFolder(`${PLIMSOLL_VERSION}-${size.toString(36)}-${Math.floor(mtimeMs).toString(36)}`);
  const name = first !== undefined && VERBS.has(first) ? first : 'check';
  const code = loadCode(file, require, { folder, name });
  const { main } = code.exports as typeof import('./cli.ts');
  main(process.argv.slice(2), PLIMSOLL_VERSION, folder).then((exit) => {
    process.exitCode = exit;
    code.keep();
  });
}
