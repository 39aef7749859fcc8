import { type Fact, known, type Reason, unknown } from '../../facts/fact.ts';
import { type EnvRead, type EnvReads, secretName } from '../env-read.ts';
import { atImport, demandOf } from '../program/demands.ts';
import type { Expr } from '../program/ir.ts';
import type { Module, Use } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { describe, NO_ENVIRONMENT, textOf, variants } from '../program/value.ts';
import { dotenvFiles } from './dotenv.ts';
import { envDemands } from './env-demands.ts';
import { schemaReads } from './env-schema.ts';
import { isEnvironment } from './is-environment.ts';
import { nestReads } from './nest-config-reads.ts';
import { startedBy } from './started.ts';

/** Environment reads of JavaScript modules, those that bundlers inline included (`when: 'build'`). */
export function nodeEnvironment(
  program: Program,
  modules: readonly Module[],
  reached: ReadonlySet<Module> | undefined,
  inlined: RegExp | undefined,
  /** The file that is run, where there is one. */
  entry?: Module,
): EnvReads {
  const reads: EnvRead[] = [];
  const open: Reason[] = [];
  for (const module of modules) {
    if (!/\benv\b|dotenv/.test(module.text)) continue;
    const push = (read: EnvRead) => void reads.push(reached ? { ...read, reached: reached.has(module) } : read);
    for (const use of module.members) one(program, module, use, inlined, push, open);
    for (const bindings of scopesOf(module)) {
      for (const binding of bindings) {
        if (binding.b !== 'part' || typeof binding.key !== 'string') continue;
        const source = program.evaluate(binding.expr, binding.scope);
        if (!isEnvironment(source)) continue;
        const fallback = binding.fallback
          ? textOf(program.evaluate(binding.fallback, binding.scope), NO_ENVIRONMENT)
          : known(null);
        const at = module.place(binding.expr);
        const reason: Reason = { kind: 'source', at, text: `process.env reads ${binding.key}` };
        push(
          read(
            binding.key,
            binding.fallback
              ? known(false, reason)
              : unknown('what happens when it is missing was not followed', reason),
            fallback,
            atImport(binding.scope) ? 'import' : 'call',
            describe(source) ?? 'process.env',
            at,
          ),
        );
      }
    }
    for (const site of module.calls) {
      const name = describe(program.evaluate(site.call.callee, site.scope)) ?? '';
      for (const arg of site.call.args) {
        const value =
          arg.value.k === 'member' || arg.value.k === 'name' ? program.evaluate(arg.value, site.scope) : undefined;
        if (!value || !isEnvironment(value)) continue;
        const schema = schemaReads(program, module, site, push);
        if (!schema)
          open.push({
            kind: 'source',
            at: module.place(arg.value),
            text: `${name || 'a call'} gets the whole environment`,
          });
      }
    }
  }
  const nest = nestReads(program, modules);
  for (const { read, module } of nest.reads) reads.push(reached ? { ...read, reached: reached.has(module) } : read);
  if (entry !== undefined) {
    const demands = envDemands(program, program.tree, modules, startedBy(program, entry));
    const said = new Set(reads.flatMap((one) => (isDemand(one) ? [one.name] : [])));
    reads.push(...demands.filter(({ name }) => !said.has(name)));
  }
  return { reads, files: dotenvFiles(program, modules), secretFolders: [], open: [...open, ...nest.open] };
}

const isDemand = ({ required, when }: EnvRead): boolean => when === 'import' && required.known && required.value;

function* scopesOf(module: Module) {
  for (const scope of [module.scope, ...module.functions.values(), ...module.classes.values()])
    yield* scope.names.values();
}

function one(
  program: Program,
  module: Module,
  use: Use,
  inlined: RegExp | undefined,
  push: (read: EnvRead) => void,
  open: Reason[],
): void {
  const { expr, scope } = use;
  if (expr.k !== 'member' && expr.k !== 'index') return;
  const text = module.text.slice(expr.object.from, expr.object.to);
  if (!/env/i.test(text)) return;
  const object = program.evaluate(expr.object, scope);
  const source = variants(object).find(isEnvironment);
  if (!source) return;
  if (module.stores.some((store) => store.target === expr)) return;
  const value = program.evaluate(expr, scope);
  if (value.t !== 'env') {
    if (expr.k === 'index')
      open.push({ kind: 'source', at: module.place(expr), text: 'reads a variable with a computed name' });
    return;
  }
  const meta = describe(source) === 'import.meta.env';
  // Vite sets these itself.
  if (meta && /^(MODE|BASE_URL|PROD|DEV|SSR)$/.test(value.name)) return;
  const at = module.place(expr);
  const build = meta || (inlined?.test(value.name) ?? false);
  const reason: Reason = { kind: 'source', at, text: `${describe(source) ?? 'the environment'} reads ${value.name}` };
  const right = module.alternatives.get(expr);
  const demand = demandOf(module, expr, scope);
  let required: Fact<boolean>;
  if (demand && !build)
    required = known(true, reason, { kind: 'source', at: module.place(demand), text: 'and stops when it is missing' });
  else if ((right && !throws(right)) || module.tested.has(expr)) required = known(false, reason);
  else required = unknown('what happens when it is missing was not followed', reason);
  push(
    read(
      value.name,
      required,
      right ? textOf(program.evaluate(right, scope), NO_ENVIRONMENT) : known(null),
      build ? 'build' : atImport(scope) ? 'import' : 'call',
      describe(source) ?? 'process.env',
      at,
    ),
  );
}

function throws(expr: Expr): boolean {
  return (
    expr.k === 'call' &&
    /(raise|throw|fail|die|required|missing)/i.test(expr.callee.k === 'name' ? expr.callee.name : '')
  );
}

export function read(
  name: string,
  required: Fact<boolean>,
  fallback: Fact<string | null>,
  when: EnvRead['when'],
  through: string,
  at: EnvRead['at'],
): EnvRead {
  return { name, ignoreCase: false, required, fallback, when, through, secretish: secretName(name), at };
}
