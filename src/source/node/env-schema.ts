import { known, type Reason, unknown } from '../../facts/fact.ts';
import { type EnvRead, secretName } from '../env-read.ts';
import { atImport } from '../program/demands.ts';
import type { Expr } from '../program/ir.ts';
import type { CallSite, Module } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { type Closure, describe, type Instance, NO_ENVIRONMENT, textOf, type Value } from '../program/value.ts';

/** Reads declared by a schema that is given the whole environment: `z.object({…}).parse(process.env)`, `cleanEnv(process.env, {…})`,
 * `createEnv({…})`. False when the call is none of these or the schema cannot be followed. */
export function schemaReads(program: Program, module: Module, site: CallSite, push: (read: EnvRead) => void): boolean {
  const callee = program.evaluate(site.call.callee, site.scope);
  const name = describe(callee) ?? '';
  let fields: Value | undefined;
  let strict = true;
  if (/^envalid\.cleanEnv$/.test(name) && site.call.args[1])
    fields = program.evaluate(site.call.args[1].value, site.scope);
  else if (
    callee.t === 'bound' &&
    /^(parse|safeParse|parseAsync|validate|validateSync)$/.test(callee.name) &&
    callee.object.t === 'instance'
  ) {
    fields = objectFields(program, callee.object);
    strict = callee.name === 'parse';
  }
  if (fields?.t !== 'dict') return false;
  for (const entry of fields.entries) {
    const key = entry.key?.expr;
    if (key?.k !== 'const' || typeof key.value !== 'string') continue;
    push(
      schemaField(program, key.value, entry.value, {
        at: module.place(site.call),
        sure: strict && site.doubtful === undefined && !site.caught,
        when: atImport(site.scope) ? 'import' : 'call',
      }),
    );
  }
  return fields.entries.every((entry) => entry.key !== undefined);
}

export function objectFields(program: Program, schema: Instance): Value | undefined {
  // z.object({…}) with refinements after it.
  let at: Instance = schema;
  for (let step = 0; step < 12; step++) {
    const made = describe(at.made) ?? '';
    if (/(^|\.)(object|strictObject|looseObject)$/.test(made) && /^(zod|joi|@hapi\/joi|yup|valibot)/.test(made)) {
      const first = at.call.args[0];
      return first ? program.evaluate(first.value, at.scope) : undefined;
    }
    if (
      at.made.t !== 'bound' ||
      at.made.object.t !== 'instance' ||
      !/^(superRefine|refine|strict|passthrough|strip|loose|readonly|describe|unknown|options|required)$/.test(
        at.made.name,
      )
    )
      return undefined;
    at = at.made.object;
  }
  return undefined;
}

/** What one field of a schema says of the variable that it names. */
export function schemaField(
  program: Program,
  name: string,
  closure: Closure,
  /** Where the environment is checked, and whether that ends the process for certain. */
  check: { readonly at: EnvRead['at']; readonly sure: boolean; readonly when?: 'import' | 'call' },
): EnvRead {
  const at = closure.scope.module.place(closure.expr);
  const reason: Reason = { kind: 'source', at, text: `the schema names ${name}` };
  const methods = chain(closure.expr);
  const root = describe(program.evaluate(closure.expr, closure.scope)) ?? '';
  const fallback = methods.find((method) => /^(default|catch|prefault)$/.test(method.name));
  const options =
    root.startsWith('envalid') && closure.expr.k === 'call'
      ? closure.expr.args.map((arg) => arg.value).find((arg) => arg.k === 'dict')
      : undefined;
  const given =
    options?.k === 'dict'
      ? options.entries.find(
          (entry) => entry.key?.k === 'const' && /^(default|devDefault)$/.test(String(entry.key.value)),
        )?.value
      : fallback?.args[0];
  const text = given ? textOf(program.evaluate(given, closure.scope), NO_ENVIRONMENT) : undefined;
  const base = {
    name,
    ignoreCase: false,
    when: check.when ?? ('import' as const),
    through: root.split(/[.(]/)[0] || 'schema',
    secretish: secretName(name),
    at,
  };
  if (given) return { ...base, required: known(false, reason), fallback: text ?? known(null) };
  const must = demands(root, methods);
  if (must === undefined)
    return { ...base, required: unknown('the schema was not followed to the end', reason), fallback: known(null) };
  return {
    ...base,
    required: !must
      ? known(false, reason)
      : check.sure
        ? known(true, reason, { kind: 'source', at: check.at, text: 'the environment is checked here' })
        : unknown('the check may not run', reason),
    fallback: known(null),
  };
}

/** Whether a field must be there: joi takes what is not `required`, zod and envalid take only what is optional. */
function demands(root: string, methods: readonly { readonly name: string }[]): boolean | undefined {
  const has = (pattern: RegExp): boolean => methods.some((method) => pattern.test(method.name));
  if (/^(@hapi\/)?joi/i.test(root)) {
    if (has(/^(when|alternatives|alternative|try|conditional|concat|fork|ref|external|custom|failover|empty|any)$/))
      return undefined;
    return has(/^(required|exist)$/);
  }
  if (!/^(zod|envalid)/.test(root)) return undefined;
  if (has(/^(optional|nullish|nullable|preprocess|or|any|unknown|union|literal|transform|pipe)$/)) return undefined;
  if (has(/^coerce$/) && has(/^(boolean|string)$/)) return undefined;
  return true;
}

/** Method names of a chain of calls with their arguments, innermost first. */
export function chain(expr: Expr): { name: string; args: Expr[] }[] {
  if (expr.k === 'call') {
    const inner = chain(expr.callee);
    const last = inner.at(-1);
    if (last) last.args = expr.args.map((arg) => arg.value);
    return inner;
  }
  if (expr.k === 'member') return [...chain(expr.object), { name: expr.name, args: [] }];
  return [];
}
