import { type Fact, known, type Reason, unknown } from '../../facts/fact.ts';
import { linePlace, type Place } from '../../text/place.ts';
import type { Expr } from '../program/ir.ts';
import type { Module, Scope } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { describe, type Environment, NO_ENVIRONMENT, textOf } from '../program/value.ts';
import { joinPath, type SourceTree } from '../source-tree.ts';
import { nestEnvFiles } from './nest-config-reads.ts';

export interface DotenvFile {
  /** Relative to the folder that the process runs in. */
  readonly path: Fact<string>;
  readonly at: Place;
}

/** Files that code loads variables from: dotenv, Node's own loader, NestJS's ConfigModule. What is set already stays. */
export function dotenvFiles(
  program: Program,
  modules: readonly Module[],
  env: Environment = NO_ENVIRONMENT,
): readonly DotenvFile[] {
  const files: DotenvFile[] = [];
  for (const module of modules) {
    if (!/dotenv|loadEnvFile/.test(module.text)) continue;
    for (const site of module.calls) {
      const name = describe(program.evaluate(site.call.callee, site.scope)) ?? '';
      if (/^dotenv(\.default)?\.config$|^dotenv-expand\.expand$|^process\.loadEnvFile$/.test(name))
        files.push({ path: dotenvPath(program, site.call, site.scope, env), at: module.place(site.call) });
    }
    for (const site of module.imports)
      if (/^dotenv(-safe|-flow|-expand)?\/config$/.test(site.module))
        files.push({ path: known('.env'), at: module.place(site) });
  }
  return [...files, ...nestEnvFiles(program, modules, env)];
}

function dotenvPath(
  program: Program,
  call: Extract<Expr, { k: 'call' }>,
  scope: Scope,
  env: Environment,
): Fact<string> {
  const options = call.args[0]?.value;
  if (options?.k !== 'dict') return known('.env');
  const path = options.entries.find((entry) => entry.key?.k === 'const' && entry.key.value === 'path');
  return path ? textOf(program.evaluate(path.value, scope), env) : known('.env');
}

/** The value that files of variables give to a name which the environment does not set: undefined when they certainly give none. */
export function fromDotenv(
  tree: SourceTree,
  cwd: string,
  files: readonly DotenvFile[],
  name: string,
  env: Environment,
): Fact<string> | undefined {
  if (env.has(name)) return undefined;
  for (const { path, at } of files) {
    const reason: Reason = { kind: 'source', at, text: 'loads variables from a file' };
    if (!path.known) return unknown(`the application may load ${name} from a file`, reason);
    const file = joinPath(cwd, path.value);
    const look = tree.look(file);
    if (look === 'absent') continue;
    const text = look === 'file' ? tree.text(file) : undefined;
    if (text === undefined) return unknown(`the application may load ${name} from ${path.value}`, reason);
    const lines = text.split(/\r?\n/);
    const index = lines.findIndex((line) => new RegExp(`^\\s*(?:export\\s+)?${name}\\s*[=:]`).test(line));
    if (index < 0) continue;
    const line = (lines[index] ?? '').replace(/^[^=:]*[=:]\s*/, '').trim();
    const value = /^(['"])(.*)\1$/.exec(line)?.[2] ?? line.replace(/\s+#.*$/, '');
    const where: Reason = { kind: 'source', at: linePlace(tree.origin(file), index + 1), text: `sets ${name}` };
    return value.includes('$')
      ? unknown(`${name} is put together in ${path.value}`, where)
      : known(value, where, reason);
  }
  return undefined;
}
