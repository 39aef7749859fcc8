import type { Reason } from '../../facts/fact.ts';
import type { Scope } from './module.ts';
import type { Program } from './program.ts';
import { union, type Value } from './value.ts';

/** A member of a value by name: of a module, a class, a dictionary … */
export function memberOf(program: Program, object: Value, name: string, at: Reason): Value {
  const special = program.language.attribute(program, object, name, at);
  if (special) return special;
  switch (object.t) {
    case 'external':
      return { t: 'external', name: `${object.name}.${name}` };
    case 'module':
      return (
        program.language.member(program, object.module, name) ?? {
          t: 'unknown',
          why: `${object.module.path} has no ${name}`,
        }
      );
    case 'package':
      return (
        program.language.packageMember(program, object.path, name) ?? {
          t: 'unknown',
          why: `${object.path} has no ${name}`,
        }
      );
    case 'class':
      return classMember(program, object, name) ?? { t: 'bound', object, name };
    case 'instance': {
      const made = object.made.t === 'class' ? classMember(program, object.made, name) : undefined;
      return made ?? { t: 'bound', object, name };
    }
    case 'dict': {
      let spread = false;
      const entry = [...object.entries].reverse().find((candidate) => {
        if (!candidate.key) spread = true;
        return candidate.key?.expr.k === 'const' && candidate.key.expr.value === name;
      });
      if (entry) return program.evaluate(entry.value.expr, entry.value.scope);
      return spread ? { t: 'unknown', why: 'behind a spread' } : { t: 'bound', object, name };
    }
    case 'union':
      return union(object.of.map((variant) => memberOf(program, variant, name, at)));
    case 'unknown':
      return object;
    default:
      return { t: 'bound', object, name };
  }
}

function classMember(program: Program, owner: Extract<Value, { t: 'class' }>, name: string): Value | undefined {
  const { module } = owner.scope;
  const scope = module.classes.get(owner.cls);
  const own = scope?.names.get(name);
  if (own && scope) return program.bindings(own, scope);
  const stored = module.stores.filter(
    ({ target, scope: where }) =>
      target.k === 'member' &&
      target.name === name &&
      target.object.k === 'name' &&
      /^(self|this|cls)$/.test(target.object.name) &&
      enclosing(where) === owner.cls,
  );
  if (stored.length > 0) return union(stored.map((store) => program.evaluate(store.value, store.scope)));
  for (const base of owner.cls.bases) {
    const value = program.evaluate(base, owner.scope);
    const found = value.t === 'class' && value.cls !== owner.cls ? classMember(program, value, name) : undefined;
    if (found) return found;
  }
  return undefined;
}

/** An item of a list; any of them where no index is given. */
export function itemOf(program: Program, object: Value, index: number | undefined): Value {
  if (object.t === 'union') return union(object.of.map((variant) => itemOf(program, variant, index)));
  if (object.t !== 'list') return { t: 'unknown', why: 'an item of something computed' };
  if (index !== undefined) {
    const item = object.items[index < 0 ? object.items.length + index : index];
    return item ? program.evaluate(item.expr, item.scope) : { t: 'unknown', why: 'no such item' };
  }
  return union(object.items.map((item) => program.evaluate(item.expr, item.scope)));
}

function enclosing(start: Scope): Scope['cls'] {
  for (let scope: Scope | undefined = start; scope; scope = scope.parent) if (scope.cls) return scope.cls;
  return undefined;
}
