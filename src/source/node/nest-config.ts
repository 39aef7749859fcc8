import type { Reason } from '../../facts/fact.ts';
import type { CallSite, Module, Scope } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { type Closure, describe, union, type Value, variants } from '../program/value.ts';
import { type Checked, checkedBy, defaultOf } from './nest-config-check.ts';

/** The service that hands out settings, as a value. */
const SERVICE = '@nestjs/config.ConfigService';
const GET = `${SERVICE}().get`;
const CONTAINER = /^@nestjs\/core\.NestFactory\.create\w*\(\)\.(get|resolve)$/;

/** What `ConfigModule.forRoot` and `forFeature` of a program load. */
interface Setup {
  /** By name of the namespace (`registerAs('app', …)`). */
  readonly spaces: ReadonlyMap<string, Value>;
  /** Objects that are merged at the top. */
  readonly merged: readonly Value[];
  /** Why more may be loaded than is known. */
  readonly open?: string;
  /** What checks the environment, and may fill in defaults; `unread` when that is not understood. */
  readonly checked?: Checked | 'unread';
}

const NOTHING: Setup = { spaces: new Map(), merged: [] };
const setups = new WeakMap<Program, { readonly size: number; readonly setup: Setup }>();

/** Results of calls that concern NestJS's ConfigService: the service that `app.get` hands out, and the settings that it gives. Verified against
 * @nestjs/config 3.3 and 4.0: `get` asks what was loaded, the checked environment and process.env, then takes the default. */
export function nestConfigCall(
  program: Program,
  callee: string,
  site: Closure & { readonly expr: CallSite['call'] },
): Value | undefined {
  if (CONTAINER.test(callee)) {
    const what = site.expr.args[0] ? program.evaluate(site.expr.args[0].value, site.scope) : undefined;
    if (what?.t === 'external' && what.name === SERVICE) return { t: 'external', name: `${SERVICE}()` };
    return what?.t === 'class' ? what : undefined;
  }
  if (callee !== GET && callee !== `${GET}OrThrow`) return undefined;
  return settingOf(program, site.expr, site.scope);
}

/** A parameter or property that is typed as the ConfigService. */
export function nestConfigTyped(object: Value, name: string): Value | undefined {
  if (object.t !== 'class') return undefined;
  const { module } = object.scope;
  if (!module.text.includes('ConfigService')) return undefined;
  for (const statement of object.cls.body) {
    if (statement.k !== 'def' || statement.fn.name !== 'constructor') continue;
    const param = statement.fn.params.find(({ target }) => target.t === 'name' && target.name === name);
    const said = param?.annotation;
    if (said && typedAsService(module.text.slice(said.from, said.to)) && importsService(module))
      return { t: 'external', name: `${SERVICE}()` };
  }
  return undefined;
}

/** The value of a parameter with a written type, where the type says it. */
export function nestConfigParameter(annotation: { readonly from: number; readonly to: number }, module: Module) {
  return typedAsService(module.text.slice(annotation.from, annotation.to)) && importsService(module)
    ? ({ t: 'external', name: `${SERVICE}()` } as const)
    : undefined;
}

const typedAsService = (text: string): boolean => /^\s*:?\s*ConfigService\b/.test(text);

function importsService(module: Module): boolean {
  return (module.scope.names.get('ConfigService') ?? []).some(
    (binding) => binding.b === 'import' && binding.module === '@nestjs/config',
  );
}

/** One setting that code asks the service for. */
export interface NestSetting {
  readonly key: string;
  /** From process.env or the checked environment, not from what is loaded. */
  readonly variable: boolean;
  readonly value: Value;
  /** `getOrThrow` without a default. */
  readonly throws: boolean;
}

/** What a call of `get` or `getOrThrow` asks for: undefined when the call is none, `computed` when the key is. */
export function nestSetting(program: Program, site: CallSite): NestSetting | 'computed' | undefined {
  const name = site.call.callee.k === 'member' ? site.call.callee.name : '';
  if (name !== 'get' && name !== 'getOrThrow') return undefined;
  const callee = describe(program.evaluate(site.call.callee, site.scope));
  if (callee !== GET && callee !== `${GET}OrThrow`) return undefined;
  const key = keyOf(program, site.call, site.scope);
  if (key === undefined) return 'computed';
  const value = settingOf(program, site.call, site.scope);
  const variable = value.t === 'env' && value.name === key;
  return { key, variable, value, throws: name === 'getOrThrow' && variable && !value.fallback };
}

function keyOf(program: Program, call: CallSite['call'], scope: Scope): string | undefined {
  const value = call.args[0] ? program.evaluate(call.args[0].value, scope) : undefined;
  return value?.t === 'const' && typeof value.value === 'string' ? value.value : undefined;
}

function settingOf(program: Program, call: CallSite['call'], scope: Scope): Value {
  const from = program.reason(scope, { from: call.from, to: Math.min(call.to, call.from + 100) }, 'asks for a setting');
  const key = keyOf(program, call, scope);
  if (key === undefined) return { t: 'unknown', why: 'a setting with a computed name', from };
  const given = call.args[1] ? program.evaluate(call.args[1].value, scope) : undefined;
  // `{ infer: true }` in the place of the default.
  const fallback = given?.t === 'dict' ? undefined : given;
  const setup = setupOf(program);
  const loaded = inside(program, setup, key, from);
  if (loaded) return withFallback(loaded, fallback);
  if (setup.open !== undefined) return { t: 'unknown', why: setup.open, from };
  if (key.includes('.')) return fallback ?? { t: 'unknown', why: `nothing gives the setting ${key}`, from };
  const checked = setup.checked === 'unread' ? ('unread' as const) : defaultOf(program, setup.checked, key);
  const reason: Reason = { ...from, text: `ConfigService reads ${key}` };
  const base = { t: 'env' as const, name: key, ignoreCase: false, from: reason };
  if (checked === 'unread')
    return { ...base, fallback: { t: 'unknown', why: `the check of the environment may set ${key}`, from } };
  const last = checked ?? fallback;
  return last ? { ...base, fallback: last } : base;
}

function withFallback(value: Value, fallback: Value | undefined): Value {
  if (fallback === undefined) return value;
  if (value.t === 'env') return value.fallback ? value : { ...value, fallback };
  if (value.t === 'const') return value.value === null ? fallback : value;
  return value.t === 'union' ? union(value.of.map((one) => withFallback(one, fallback))) : value;
}

/** The part of what is loaded that a key names; undefined when nothing loaded has it. */
function inside(program: Program, setup: Setup, key: string, from: Reason): Value | undefined {
  const [first = '', ...rest] = key.split('.');
  const space = setup.spaces.get(first);
  const at = space ? [space, ...rest] : undefined;
  const starts: readonly (readonly [Value, readonly string[]])[] = at
    ? [[space as Value, rest]]
    : setup.merged.map((value) => [value, [first, ...rest]] as const);
  for (const [start, path] of starts) {
    let value = start;
    let found = true;
    for (const name of path) {
      value = program.member(value, name, from);
      if (value.t === 'bound' && value.name === name) found = false;
    }
    if (found) return value;
  }
  return undefined;
}

function setupOf(program: Program): Setup {
  const size = program.modules.size;
  const kept = setups.get(program);
  if (kept?.size === size) return kept.setup;
  // What is read while this is found out sees nothing loaded.
  setups.set(program, { size, setup: NOTHING });
  const setup = readSetup(program);
  setups.set(program, { size, setup });
  return setup;
}

function readSetup(program: Program): Setup {
  const spaces = new Map<string, Value>();
  const merged: Value[] = [];
  const checks: (Checked | 'unread')[] = [];
  let open: string | undefined;
  for (const { site, options } of configModules(program)) {
    if (options === 'computed') {
      open = 'the options of ConfigModule are computed';
      continue;
    }
    const { call, scope } = site;
    const at = program.reason(
      scope,
      { from: call.from, to: Math.min(call.to, call.from + 100) },
      'sets up the settings',
    );
    const feature = call.callee.k === 'member' && call.callee.name === 'forFeature';
    const load = feature ? options : options && program.member(options, 'load', at);
    for (const item of load === undefined || load.t === 'bound' ? [] : listed(program, load)) {
      const value = factoryValue(program, item);
      if (value === undefined) open = 'what ConfigModule loads is computed';
      else if (value.name === undefined) merged.push(value.value);
      else spaces.set(value.name, value.value);
    }
    if (feature || options === undefined) continue;
    const check = checkedBy(program, options, at);
    if (check !== undefined) checks.push(check);
  }
  const [checked] = checks;
  return {
    spaces,
    merged,
    ...(open === undefined ? {} : { open }),
    ...(checked === undefined ? {} : { checked: checks.length > 1 ? 'unread' : checked }),
  };
}

/** The calls that set the ConfigModule up, with their options. */
export function* configModules(
  program: Program,
): Generator<{ readonly site: CallSite; readonly options: Value | 'computed' | undefined }> {
  for (const module of program.modules.values()) {
    if (!module?.text.includes('ConfigModule')) continue;
    for (const site of module.calls) {
      const { callee, args } = site.call;
      if (callee.k !== 'member' || !/^for(Root|Feature)$/.test(callee.name)) continue;
      if (!/^@nestjs\/config\.ConfigModule\./.test(describe(program.evaluate(callee, site.scope)) ?? '')) continue;
      const value = args[0] ? program.evaluate(args[0].value, site.scope) : undefined;
      const plain = value === undefined || value.t === 'dict' || callee.name === 'forFeature';
      yield { site, options: plain ? value : 'computed' };
    }
  }
}

function listed(program: Program, value: Value): readonly Value[] {
  if (value.t === 'list')
    return value.items.flatMap((item) => {
      const { expr } = item;
      return expr.k === 'spread'
        ? listed(program, program.evaluate(expr.of, item.scope))
        : [program.evaluate(expr, item.scope)];
    });
  return variants(value);
}

/** What a factory gives, with the name of its namespace. */
function factoryValue(program: Program, factory: Value): { readonly name?: string; readonly value: Value } | undefined {
  if (factory.t === 'instance' && describe(factory.made) === '@nestjs/config.registerAs') {
    const [first, second] = factory.call.args;
    const name = first ? program.evaluate(first.value, factory.scope) : undefined;
    const made = second ? returned(program, program.evaluate(second.value, factory.scope)) : undefined;
    return name?.t === 'const' && typeof name.value === 'string' && made
      ? { name: name.value, value: made }
      : undefined;
  }
  const value = returned(program, factory);
  return value ? { value } : undefined;
}

function returned(program: Program, factory: Value): Value | undefined {
  if (factory.t !== 'func') return undefined;
  const returns = factory.scope.module.returns.get(factory.fn) ?? [];
  const [only] = returns;
  if (returns.length !== 1 || !only) return undefined;
  const value = program.evaluate(only.expr, only.scope);
  return value.t === 'dict' ? value : undefined;
}
