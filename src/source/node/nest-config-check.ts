import type { Reason } from '../../facts/fact.ts';
import type { Program } from '../program/program.ts';
import { describe, type Value } from '../program/value.ts';
import { chain, objectFields } from './env-schema.ts';

/** What ConfigModule checks the environment with before the application is made. */
export type Checked =
  /** `validationSchema: Joi.object({…})`, or `validate` that parses with such a schema. */
  | { readonly by: 'schema'; readonly fields: Extract<Value, { t: 'dict' }>; readonly at: Reason }
  /** `validate` that fills a class and has class-validator look at it. */
  | { readonly by: 'class'; readonly cls: Extract<Value, { t: 'class' }>; readonly ends: boolean; readonly at: Reason };

/** The check that options of `forRoot` name: undefined when there is none, `unread` when it is not understood. */
export function checkedBy(program: Program, options: Value, at: Reason): Checked | 'unread' | undefined {
  const schema = program.member(options, 'validationSchema', at);
  const validate = program.member(options, 'validate', at);
  if (validate.t === 'bound' && schema.t === 'bound') return undefined;
  if (validate.t === 'bound') {
    const fields = schema.t === 'instance' ? objectFields(program, schema) : undefined;
    return fields?.t === 'dict' ? { by: 'schema', fields, at } : 'unread';
  }
  return validate.t === 'func' ? byFunction(program, validate, at) : 'unread';
}

function byFunction(program: Program, value: Extract<Value, { t: 'func' }>, at: Reason): Checked | 'unread' {
  const { fn } = value;
  const scope = value.scope.module.functions.get(fn);
  const text = value.scope.module.text.slice(fn.from, fn.to);
  const [param] = fn.params;
  if (scope === undefined || param?.target.t !== 'name') return 'unread';
  const own = param.target.name;
  let found: Checked | undefined;
  for (const { call, scope: where, caught, doubtful } of scope.module.calls) {
    if (where !== scope || doubtful !== undefined) continue;
    const gets = call.args.some(({ value: arg }) => arg.k === 'name' && arg.name === own);
    const callee = program.evaluate(call.callee, where);
    if (
      gets &&
      callee.t === 'bound' &&
      /^(parse|validate|safeParse)$/.test(callee.name) &&
      callee.object.t === 'instance'
    ) {
      const fields = objectFields(program, callee.object);
      if (fields?.t !== 'dict') return 'unread';
      // A parse that does not throw is followed by a look at its result, as in `if (!result.success) throw`.
      if (caught || (callee.name !== 'parse' && !/\bthrow\b/.test(text))) return 'unread';
      found = { by: 'schema', fields, at };
      continue;
    }
    const [first] = call.args;
    const cls = first ? program.evaluate(first.value, where) : undefined;
    const made =
      callee.t === 'class' ? callee : /(plainToInstance|plainToClass)$/.test(describe(callee) ?? '') ? cls : undefined;
    if (made?.t === 'class') {
      const ends =
        /\bvalidateSync\(/.test(text) && /\bthrow\b/.test(text) && !/skipMissingProperties\s*:\s*true/.test(text);
      found = { by: 'class', cls: made, ends, at };
    }
  }
  return found ?? 'unread';
}

/** The default that a check gives to a variable: undefined when it gives none. */
export function defaultOf(program: Program, checked: Checked | undefined, name: string): Value | 'unread' | undefined {
  if (checked === undefined) return undefined;
  if (checked.by === 'class') {
    const property = checked.cls.cls.body.find(
      (s) => s.k === 'assign' && s.targets.some((target) => target.t === 'name' && target.name === name),
    );
    if (property?.k !== 'assign' || !property.value) return undefined;
    return program.evaluate(property.value, checked.cls.scope.module.classes.get(checked.cls.cls) ?? checked.cls.scope);
  }
  const entry = checked.fields.entries.find(({ key }) => key?.expr.k === 'const' && key.expr.value === name);
  if (entry === undefined) return checked.fields.entries.every(({ key }) => key !== undefined) ? undefined : 'unread';
  const methods = chain(entry.value.expr);
  const given = methods.find((method) => /^(default|catch|prefault)$/.test(method.name))?.args[0];
  if (given) return program.evaluate(given, entry.value.scope);
  return methods.some((method) => /^(transform|preprocess|when|alternatives|pipe|failover)$/.test(method.name))
    ? 'unread'
    : undefined;
}
