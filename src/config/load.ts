import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import { linePlace, type Place } from '../text/place.ts';
import { readLimits } from './limits.ts';
import { type Config, configSchema } from './schema.ts';

/** What is wrong with the file, where, and what to do. */
export interface ConfigProblem {
  readonly at: Place;
  readonly text: string;
  readonly remedy: string;
}

export type LoadedConfig =
  | {
      readonly ok: true;
      readonly config: Config;
      readonly file?: string;
      /** Where a setting is written: `['ignore', 0, 'until']`. */
      readonly at: (path: readonly PropertyKey[]) => Place;
    }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** Names under which the file is found, in this order. */
export const configNames: readonly string[] = ['plimsoll.yaml', 'plimsoll.yml', 'plimsoll.json'];

/** Reads a directory's config, or the one named (a path as the user gave it); an absent one is empty. Never throws for what the file holds. */
export function loadConfig(directory: string, named?: string): LoadedConfig {
  const file = named ?? configNames.find((name) => existsSync(join(directory, name)));
  if (file === undefined) return { ok: true, config: {}, at: () => linePlace('plimsoll.yaml', 1) };
  const path = named ?? join(directory, file);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    const remedy =
      named === undefined
        ? 'make it a file that can be read'
        : 'name an existing file with --config, or run `plimsoll init`';
    return { ok: false, problems: [{ at: linePlace(file, 1), text: (error as Error).message, remedy }] };
  }
  return readConfig(text, file);
}

/** Reads the text of a config file. JSON is YAML, so both go the same way. Pure. */
export function readConfig(text: string, file: string): LoadedConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const syntax = document.errors.map((error) => ({
    at: place(file, lines, error.pos[0]),
    text: error.message,
    remedy: 'mend the YAML',
  }));
  if (syntax.length > 0) return { ok: false, problems: syntax };
  const value: unknown = document.toJS() ?? {};
  const result = v.safeParse(configSchema, value);
  const at = (path: readonly PropertyKey[]): Place => place(file, lines, offsetOf(document.contents, path));
  if (!result.success) {
    return { ok: false, problems: result.issues.map((issue) => problemOf(issue, at)) };
  }
  const wrong = readLimits(result.output).problems.map((problem) => ({
    at: at(problem.path),
    text: problem.text,
    remedy: problem.remedy,
  }));
  return wrong.length > 0 ? { ok: false, problems: wrong } : { ok: true, config: result.output, file, at };
}

function problemOf(issue: v.BaseIssue<unknown>, at: (path: readonly PropertyKey[]) => Place): ConfigProblem {
  const path = (issue.path ?? []).map((item) => item.key as PropertyKey);
  const name = path.join('.');
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    return { at: at(path), text: `${name} is no setting`, remedy: 'look at the names in schema/config.schema.json' };
  }
  const given = issue.received === undefined ? '' : `, not ${issue.received}`;
  const wanted =
    issue.expected === null || issue.expected === undefined
      ? issue.message
      : `${issue.expected} is wanted here${given}`;
  const text = name === '' ? wanted : `${name}: ${issue.kind === 'validation' ? issue.message : wanted}`;
  return { at: at(path), text, remedy: 'see `plimsoll init` for an example of every setting' };
}

/** Where a path is written; the key's place for a map, the deepest part that exists otherwise. */
function offsetOf(root: Node | null, path: readonly PropertyKey[]): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      if (pair === undefined) return offset;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else if (typeof node === 'object' && node !== null && 'items' in node && Array.isArray(node.items)) {
      node = node.items[Number(key)];
      offset = (node as Node | undefined)?.range?.[0] ?? offset;
    } else return offset;
  }
  return offset;
}

function place(file: string, lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return {
    file,
    line: Math.max(1, line),
    column: Math.max(1, col),
    endLine: Math.max(1, line),
    endColumn: Math.max(1, col),
  };
}
