import type { Place } from '../../text/place.ts';
import type { Class, Expr, Func } from '../program/ir.ts';
import type { Module } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import type { Environment, Value } from '../program/value.ts';
import { runChecks } from './check-run.ts';
import { Reading } from './environment-reading.ts';
import type { Plain } from './plain-value.ts';
import { madeAtStart } from './setting-construction.ts';
import { givenTo, judged } from './setting-field.ts';
import { isSettings, lineage, type SettingsField, settingsConfig, settingsFields } from './settings.ts';

/** Code that ends the process while it is loaded, for what its environment holds. */
export interface Refusal {
  /** Variables whose values decide. */
  readonly variables: readonly string[];
  /** Variables that decide by being unset. */
  readonly unset: readonly string[];
  /** Who refuses it: `Settings`, `app/config.py`. */
  readonly by: string;
  /** Why, or the words of the exception. */
  readonly text: string;
  readonly at: Place;
}

type Owner = Extract<Value, { t: 'class' }>;

/** What the modules that start for certain refuse of the environment. Plain data. */
export function pythonRefusals(program: Program, entries: readonly Module[], env: Environment): readonly Refusal[] {
  const modules = program.reach(entries, true);
  const reached = new Set(modules);
  return modules.flatMap((module) => [
    ...[...module.classes].flatMap(([cls, scope]) => {
      const owner: Value = { t: 'class', cls, scope: scope.parent ?? scope };
      return isSettings(program, owner) ? ofSettings(program, owner, reached, env) : [];
    }),
    ...ofModule(program, module, env),
  ]);
}

/** Other sources and readers of values: what a field gets is not the text of the variable. */
const OWN_SOURCES =
  /customise_sources|parse_env_var|NoDecode|enable_decoding|env_ignore_empty|env_parse_none_str|nested_delimiter|validate_assignment/;

function ofSettings(program: Program, owner: Owner, reached: ReadonlySet<Module>, env: Environment): Refusal[] {
  const made = madeAtStart(program, owner, reached);
  if (made === undefined || settingsConfig(program, owner).unclear !== undefined) return [];
  const chain = lineage(program, owner);
  if (chain.some(({ cls, scope }) => OWN_SOURCES.test(scope.module.text.slice(cls.from, cls.to)))) return [];
  const given = new Set(made.call.args.map((arg) => arg.name));
  const checks = chain.flatMap(({ cls, scope }) => validatorsOf(cls, scope.module));
  const whole = checks.some((check) => check.whole && check.before);
  const fields = settingsFields(program, owner);
  const by = owner.cls.name ?? 'the settings';
  const wholly = checks
    .filter((check) => check.whole && !check.before)
    .flatMap((check): Refusal[] => {
      const scope = check.module.functions.get(check.fn);
      const reading = new Reading(program, env, fields);
      const end = scope === undefined ? undefined : runChecks(check.fn.body, new Map(), reading.meaning(scope));
      if (end?.end !== 'raises' || reading.variables.size === 0 || given.size > 0) return [];
      const { variables, unset } = reading;
      const text = end.words ?? 'a validator raises';
      return [{ variables: [...variables], unset: [...unset], by, text, at: check.module.place(end.at) }];
    });
  const single = fields.flatMap((field): Refusal[] => {
    const value = givenTo(field, env);
    if (value?.set !== true || given.has(field.field)) return [];
    const mine = checks.filter((check) => check.fields.includes(field.field) || check.fields.includes('*'));
    const found = judged(program, field, value.text, whole || mine.some((check) => check.before));
    const base = { variables: [value.variable], unset: [], by };
    if (found.refused !== undefined) return [{ ...base, text: found.refused, at: field.scope.module.place(field.at) }];
    return ofValidators(program, field, mine, fields, env, found.value, base);
  });
  // The model as a whole is only looked at when each of its fields is right.
  return single.length > 0 || whole ? single : wholly;
}

function ofValidators(
  program: Program,
  field: SettingsField,
  checks: readonly Validator[],
  fields: readonly SettingsField[],
  env: Environment,
  start: Plain | undefined,
  base: Omit<Refusal, 'text' | 'at'>,
): Refusal[] {
  let value = start;
  for (const check of checks) {
    const parameter = check.fn.params[/^(cls|self)$/.test(parameterOf(check.fn, 0)) ? 1 : 0]?.target;
    if (value === undefined || check.before || parameter?.t !== 'name') return [];
    const scope = check.module.functions.get(check.fn);
    if (scope === undefined) return [];
    const reading = new Reading(program, env, fields);
    const end = runChecks(check.fn.body, new Map([[parameter.name, value]]), reading.meaning(scope));
    if (end.end === 'raises') {
      const { variables, unset } = reading;
      return [
        {
          ...base,
          variables: [...new Set([...base.variables, ...variables])],
          unset: [...unset],
          text: end.words ?? `a validator of ${field.field} raises`,
          at: check.module.place(end.at),
        },
      ];
    }
    value = end.end === 'returns' ? end.value : undefined;
  }
  return [];
}

interface Validator {
  readonly fn: Func;
  readonly fields: readonly string[];
  readonly before: boolean;
  /** Of the model as a whole. */
  readonly whole: boolean;
  readonly module: Module;
}

/** Functions of a class that pydantic calls. */
function validatorsOf(cls: Class, module: Module): Validator[] {
  return cls.body.flatMap((statement) => {
    if (statement.k !== 'def') return [];
    for (const decorator of statement.fn.decorators) {
      const call = decorator.k === 'call' ? decorator : undefined;
      const name = nameOf(call?.callee ?? decorator);
      if (!/^(field_validator|validator|model_validator|root_validator)$/.test(name)) continue;
      const whole = /^(model|root)/.test(name);
      const fields = (call?.args ?? []).flatMap((arg) =>
        arg.name === undefined && arg.value.k === 'const' ? [String(arg.value.value)] : [],
      );
      const early = (call?.args ?? []).some(
        (arg) =>
          /^(mode|pre|each_item)$/.test(arg.name ?? '') &&
          !(arg.value.k === 'const' && (arg.value.value === 'after' || arg.value.value === false)),
      );
      return [
        {
          fn: statement.fn,
          fields: whole ? [] : fields,
          before: early || (whole && call === undefined),
          whole,
          module,
        },
      ];
    }
    return [];
  });
}

/** Checks at module level: `if …: raise`, and functions without arguments that are called there. */
function ofModule(program: Program, module: Module, env: Environment): Refusal[] {
  return module.tree.body.flatMap((statement): Refusal[] => {
    const reading = new Reading(program, env, []);
    const call = statement.k === 'expr' && statement.value.k === 'call' ? statement.value : undefined;
    const checks = statement.k === 'if' || (statement.k === 'expr' && call === undefined) ? [statement] : undefined;
    const called =
      call?.callee.k === 'name' && call.args.length === 0 ? program.evaluate(call.callee, module.scope) : undefined;
    const local = called?.t === 'func' && !called.fn.async && called.fn.decorators.length === 0 ? called : undefined;
    const scope = checks ? module.scope : local?.scope.module.functions.get(local.fn);
    if (scope === undefined) return [];
    const end = runChecks(checks ?? local?.fn.body ?? [], new Map(), reading.meaning(scope));
    if (end.end !== 'raises' || reading.variables.size === 0) return [];
    return [
      {
        variables: [...reading.variables],
        unset: [...reading.unset],
        by: scope.module.origin,
        text: end.words ?? 'it stops there',
        at: scope.module.place(end.at),
      },
    ];
  });
}

function parameterOf(fn: Func, index: number): string {
  const target = fn.params[index]?.target;
  return target?.t === 'name' ? target.name : '';
}

function nameOf(expr: Expr): string {
  return expr.k === 'name' || expr.k === 'member' ? expr.name : '';
}
