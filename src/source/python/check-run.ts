import type { Expr, Stmt } from '../program/ir.ts';
import { type Meaning, type Plain, plainValue, truth } from './plain-value.ts';

/** How a block of checks ends: for certain with an exception, with a value (undefined: which is not known), at its end, or unclear. */
export type End =
  | { readonly end: 'raises'; readonly at: Stmt; readonly words?: string }
  | { readonly end: 'returns'; readonly value?: Plain }
  | { readonly end: 'falls' }
  | { readonly end: 'unclear' };

const UNCLEAR: End = { end: 'unclear' };
const FALLS: End = { end: 'falls' };

/** Runs statements as far as reading tells what they do. `vars` holds local names; undefined: a name whose value is not known. */
export function runChecks(body: readonly Stmt[], vars: Map<string, Plain | undefined>, outer: Meaning): End {
  const means: Meaning = {
    name: (name, expr) => (vars.has(name) ? vars.get(name) : outer.name(name, expr)),
    other: outer.other,
  };
  for (const statement of body) {
    const end = step(statement, vars, means, outer);
    if (end.end !== 'falls') return end;
  }
  return FALLS;
}

function step(s: Stmt, vars: Map<string, Plain | undefined>, means: Meaning, outer: Meaning): End {
  switch (s.k) {
    case 'raise': {
      const words = wordsOf(s.value);
      return { end: 'raises', at: s, ...(words === undefined ? {} : { words }) };
    }
    case 'return': {
      const value = s.value === undefined ? null : plainValue(s.value, means);
      return value === undefined ? { end: 'returns' } : { end: 'returns', value };
    }
    case 'if': {
      const test = plainValue(s.test, means);
      if (test !== undefined) return runChecks(truth(test) ? s.body : s.otherwise, vars, outer);
      // Whichever way it goes, a branch that only raises or does nothing leaves what follows as it is.
      return [s.body, s.otherwise].every(harmless) ? FALLS : UNCLEAR;
    }
    case 'for': {
      const items = plainValue(s.iter, means);
      if (s.target?.t !== 'name' || !Array.isArray(items) || items.length > 60)
        return harmless(s.body) ? FALLS : UNCLEAR;
      for (const item of items as readonly Plain[]) {
        vars.set(s.target.name, item);
        const end = runChecks(s.body, vars, outer);
        if (end.end !== 'falls') return end;
      }
      return FALLS;
    }
    case 'assign': {
      const [target] = s.targets;
      if (target?.t !== 'name' || s.targets.length !== 1)
        return s.targets.some((t) => t.t === 'items') ? UNCLEAR : FALLS;
      vars.set(target.name, s.value === undefined || s.op !== '=' ? undefined : plainValue(s.value, means));
      return FALLS;
    }
    case 'expr': {
      const asserted = s.value.k === 'other' && /^assert\s/.test(s.value.text) ? s.value.parts[0] : undefined;
      if (exits(s.value)) return { end: 'raises', at: s };
      const held = asserted === undefined ? undefined : plainValue(asserted, means);
      return held !== undefined && !truth(held) ? { end: 'raises', at: s } : FALLS;
    }
    case 'import':
    case 'def':
    case 'class':
      return FALLS;
    default:
      return UNCLEAR;
  }
}

/** `sys.exit(1)`, `exit("…")`; not `exit()` and `exit(0)`, which end well. */
function exits(value: Expr): boolean {
  if (value.k !== 'call') return false;
  const { callee } = value;
  const ends =
    (callee.k === 'name' && callee.name === 'exit') ||
    (callee.k === 'member' &&
      /^_?exit$/.test(callee.name) &&
      callee.object.k === 'name' &&
      /^(sys|os)$/.test(callee.object.name));
  const [status] = value.args;
  return ends && status?.value.k === 'const' && status.value.value !== 0 && status.value.value !== null;
}

/** Neither returns nor sets anything: it may raise at most. */
function harmless(body: readonly Stmt[]): boolean {
  return body.every(
    (s) =>
      s.k === 'raise' ||
      s.k === 'expr' ||
      (s.k === 'if' && harmless(s.body) && harmless(s.otherwise)) ||
      (s.k === 'for' && harmless(s.body)),
  );
}

/** The text of `raise ValueError("…")`. */
function wordsOf(value: Expr | undefined): string | undefined {
  const first = value?.k === 'call' ? value.args[0]?.value : undefined;
  const text = first?.k === 'const' && typeof first.value === 'string' ? first.value : undefined;
  return text === undefined || text.length > 160 ? undefined : text.replace(/\s+/g, ' ').trim();
}
