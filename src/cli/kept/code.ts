import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { writeKept } from './write.ts';

const HEADER = 16;
/** Runs after which the code is kept anew: it holds what was compiled so far, and the first run may have been a small one. */
const EARLY_RUNS = 4;
const DAY = 86_400_000;

export interface LoadedCode {
  readonly exports: unknown;
  /** To be called when the work is done: keeps what V8 has compiled for the next run. */
  keep(): void;
}

/** Loads a CommonJS file with the code that V8 compiled for it in an earlier run, which saves most of the time a short command
 * takes. V8 itself refuses code of another version, of another source or made under other flags.
 * @param require How the file gets Node's own modules, the only ones it may ask for. */
export function loadCode(
  file: string,
  require: NodeJS.Require,
  kept: { readonly folder: string | undefined; readonly name: string },
): LoadedCode {
  const source = `(function (exports, require, module, __filename, __dirname) {${readFileSync(file, 'latin1')}\n})`;
  const keptFile = kept.folder === undefined ? undefined : join(kept.folder, `${kept.name}.v8`);
  const old = keptFile === undefined ? undefined : readKept(keptFile);
  const script = new Script(source, {
    filename: file,
    ...(old === undefined ? {} : { cachedData: old.code }),
  });
  const module = { exports: {} as unknown };
  script.runInThisContext()(module.exports, require, module, file, dirname(file));
  return {
    exports: module.exports,
    keep() {
      if (keptFile === undefined) return;
      const accepted = old !== undefined && script.cachedDataRejected === false;
      const runs = accepted ? old.runs : 0;
      if (accepted && runs >= EARLY_RUNS && Date.now() - old.at < DAY) return;
      writeCode(keptFile, script.createCachedData(), Math.min(runs + 1, EARLY_RUNS));
    },
  };
}

interface KeptCode {
  readonly code: Buffer;
  /** How often it was kept. */
  readonly runs: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

function readKept(file: string): KeptCode | undefined {
  try {
    const bytes = readFileSync(file);
    const code = bytes.subarray(HEADER);
    if (bytes.length <= HEADER || bytes.readUInt32LE(0) !== code.length) return undefined;
    return { code, runs: bytes.readUInt32LE(4), at: bytes.readDoubleLE(8) };
  } catch {
    // Not kept yet.
    return undefined;
  }
}

function writeCode(file: string, code: Buffer, runs: number): void {
  const header = Buffer.alloc(HEADER);
  header.writeUInt32LE(code.length, 0);
  header.writeUInt32LE(runs, 4);
  header.writeDoubleLE(Date.now(), 8);
  writeKept(file, [header, code]);
}
