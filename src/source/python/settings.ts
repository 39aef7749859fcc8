import { externalBase } from '../program/ancestry.ts';
import type { Class, Expr, Stmt } from '../program/ir.ts';
import type { Scope } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { NO_ENVIRONMENT, textOf, type Value } from '../program/value.ts';

type ClassValue = Extract<Value, { t: 'class' }>;

export interface SettingsField {
  readonly field: string;
  /** Variable names that are tried, in order. */
  readonly variables: readonly string[];
  readonly ignoreCase: boolean;
  readonly required: boolean;
  readonly fallback?: Expr;
  readonly annotation?: Expr;
  /** As assigned: a default, or `Field(…)`. */
  readonly value?: Expr;
  readonly scope: Scope;
  readonly at: { readonly from: number; readonly to: number };
}

export interface SettingsConfig {
  readonly prefix: string;
  readonly ignoreCase: boolean;
  readonly files: readonly { readonly expr: Expr; readonly scope: Scope }[];
  readonly secretsDir?: { readonly expr: Expr; readonly scope: Scope };
  /** Why names cannot be told. */
  readonly unclear?: string;
}

const BASES = /^(pydantic_settings\.(\w+\.)?BaseSettings|pydantic(\.v1)?(\.env_settings)?\.BaseSettings)$/;

/** Whether a class derives from pydantic's BaseSettings. */
export function isSettings(program: Program, value: Value): value is ClassValue {
  return value.t === 'class' && BASES.test(externalBase(program, value) ?? '');
}

/** The attribute of a settings object: the variable it is read from, with its default. */
export function settingsField(program: Program, object: Value, name: string): Value | undefined {
  const made = object.t === 'instance' ? object.made : object;
  if (!isSettings(program, made)) return undefined;
  const field = settingsFields(program, made).find((candidate) => candidate.field === name);
  const variable = field?.variables[0];
  if (!field || variable === undefined) return undefined;
  const from = program.reason(field.scope, field.at, `field ${name} is read from ${variable}`);
  if (field.required) return { t: 'env', name: variable, ignoreCase: field.ignoreCase, from };
  const fallback: Value = field.fallback ? program.evaluate(field.fallback, field.scope) : { t: 'const', value: null };
  return { t: 'env', name: variable, ignoreCase: field.ignoreCase, fallback, from };
}

/** Fields of a settings class, those of its bases included; later definitions win. */
export function settingsFields(program: Program, owner: ClassValue): SettingsField[] {
  const fields = new Map<string, SettingsField>();
  const chain = lineage(program, owner);
  const config = settingsConfig(program, owner);
  for (const { cls, scope } of chain) {
    const inner = scope.module.classes.get(cls) ?? scope;
    for (const statement of cls.body) {
      const target = statement.k === 'assign' ? statement.targets[0] : undefined;
      if (statement.k !== 'assign' || target?.t !== 'name' || !statement.annotation) continue;
      if (target.name.startsWith('_') || target.name === 'model_config') continue;
      if (/^(typing\.)?ClassVar/.test(scope.module.text.slice(statement.annotation.from, statement.annotation.to)))
        continue;
      fields.set(target.name, readField(program, target.name, statement, inner, config));
    }
  }
  return [...fields.values()];
}

/** A settings class with the classes of the repository that it derives from, those first. */
export function lineage(program: Program, owner: ClassValue): ClassValue[] {
  const out: ClassValue[] = [owner];
  for (const base of owner.cls.bases) {
    const value = program.evaluate(base, owner.scope);
    if (value.t === 'class' && value.cls !== owner.cls && out.length < 12) out.unshift(...lineage(program, value));
  }
  return out;
}

function readField(
  program: Program,
  name: string,
  statement: Extract<Stmt, { k: 'assign' }>,
  scope: Scope,
  config: SettingsConfig,
): SettingsField {
  const value = statement.value;
  let fallback: Expr | undefined = value;
  let required = value === undefined;
  const aliases: string[] = [];
  const calls: Expr[] = value ? [value] : [];
  // Annotated[str, Field(alias=…)]
  if (statement.annotation?.k === 'index' && statement.annotation.index.k === 'list')
    calls.push(...statement.annotation.index.items);
  for (const call of calls) {
    if (
      call.k !== 'call' ||
      !/^(Field|SecretField)$/.test(
        call.callee.k === 'name' ? call.callee.name : call.callee.k === 'member' ? call.callee.name : '',
      )
    )
      continue;
    const given =
      call.args.find((arg) => arg.name === 'default' || arg.name === 'default_factory') ??
      call.args.find((arg) => arg.name === undefined);
    const plain = given && given.name !== 'default_factory' ? given.value : undefined;
    if (call === value) {
      fallback = plain;
      required = given === undefined || isEllipsis(given.value);
    } else if (given && !value) {
      fallback = plain;
      required = isEllipsis(given.value);
    }
    for (const key of ['validation_alias', 'alias', 'env']) {
      const alias = call.args.find((arg) => arg.name === key);
      if (alias && aliases.length === 0) aliases.push(...aliasNames(program, alias.value, scope));
    }
  }
  if (value && isEllipsis(value)) required = true;
  return {
    field: name,
    variables: aliases.length > 0 ? aliases : [`${config.prefix}${name}`],
    ignoreCase: config.ignoreCase,
    required,
    ...(fallback && !required ? { fallback } : {}),
    ...(statement.annotation ? { annotation: statement.annotation } : {}),
    ...(value ? { value } : {}),
    scope,
    at: statement,
  };
}

function isEllipsis(expr: Expr): boolean {
  return expr.k === 'other' && expr.text.startsWith('...');
}

function aliasNames(program: Program, expr: Expr, scope: Scope): string[] {
  const list = expr.k === 'call' ? expr.args.map((arg) => arg.value) : expr.k === 'list' ? expr.items : [expr];
  return list.flatMap((item) => {
    const text = textOf(program.evaluate(item, scope), NO_ENVIRONMENT);
    return text.known ? [text.value] : [];
  });
}

/** `model_config = SettingsConfigDict(...)` or the inner class `Config`, with those of the bases. */
export function settingsConfig(program: Program, owner: ClassValue): SettingsConfig {
  const found = new Map<string, { expr: Expr; scope: Scope }>();
  for (const { cls, scope } of lineage(program, owner)) {
    const inner = scope.module.classes.get(cls) ?? scope;
    for (const [key, expr] of configEntries(cls)) found.set(key, { expr, scope: inner });
  }
  const prefix = found.get('env_prefix');
  const text = prefix ? textOf(program.evaluate(prefix.expr, prefix.scope), NO_ENVIRONMENT) : undefined;
  const sensitive = found.get('case_sensitive');
  const files = found.get('env_file');
  const secrets = found.get('secrets_dir');
  return {
    prefix: text?.known ? text.value : '',
    ignoreCase: !(sensitive?.expr.k === 'const' && sensitive.expr.value === true),
    files: files
      ? files.expr.k === 'list'
        ? files.expr.items.map((expr) => ({ expr, scope: files.scope }))
        : [files]
      : [],
    ...(secrets ? { secretsDir: secrets } : {}),
    ...(text && !text.known ? { unclear: 'env_prefix is computed' } : {}),
  };
}

function configEntries(cls: Class): [string, Expr][] {
  const out: [string, Expr][] = [];
  for (const statement of cls.body) {
    if (
      statement.k === 'assign' &&
      statement.targets[0]?.t === 'name' &&
      statement.targets[0].name === 'model_config'
    ) {
      if (statement.value?.k === 'call')
        for (const arg of statement.value.args) if (arg.name) out.push([arg.name, arg.value]);
      if (statement.value?.k === 'dict')
        for (const entry of statement.value.entries)
          if (entry.key?.k === 'const') out.push([String(entry.key.value), entry.value]);
    }
    if (statement.k === 'class' && statement.cls.name === 'Config') {
      for (const inner of statement.cls.body)
        if (inner.k === 'assign' && inner.value && inner.targets[0]?.t === 'name')
          out.push([inner.targets[0].name, inner.value]);
    }
  }
  return out;
}
