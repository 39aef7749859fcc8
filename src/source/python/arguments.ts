import type { Fact } from '../../facts/fact.ts';
import type { Arg, Expr, Func } from '../program/ir.ts';
import type { Scope } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { type Environment, textOf, type Value, variants } from '../program/value.ts';

type Call = Extract<Expr, { k: 'call' }>;

/** An argument by keyword or position; undefined when it is not written. */
export function argument(call: Call, name: string, position?: number): Arg | undefined {
  const named = call.args.find((arg) => arg.name === name);
  if (named || position === undefined) return named;
  const positional = call.args.filter((arg) => arg.name === undefined);
  return positional.slice(0, position + 1).some((arg) => arg.spread > 0) ? undefined : positional[position];
}

/** Whether a spread (`**options`) may bring arguments that are not seen. */
export function hasSpread(call: Call): boolean {
  return call.args.some((arg) => arg.spread > 0);
}

export function argumentText(
  program: Program,
  call: Call,
  scope: Scope,
  env: Environment,
  name: string,
  position?: number,
): Fact<string> | undefined {
  const arg = argument(call, name, position);
  return arg ? textOf(program.evaluate(arg.value, scope), env) : undefined;
}

/** Texts of a list literal; undefined when an item is not known. */
export function textList(program: Program, value: Value, env: Environment): string[] | undefined {
  if (value.t !== 'list') return undefined;
  const out: string[] = [];
  for (const item of value.items) {
    const text = textOf(program.evaluate(item.expr, item.scope), env);
    if (!text.known) return undefined;
    out.push(text.value);
  }
  return out;
}

const RESPONSES =
  /(Response|HTMLResponse|send_file|send_from_directory|send_static_file|render_template|jsonify|make_response)$/;

/** Whether a handler that sees every request may answer one itself, with something better than an error: a redirect counts, because
 * `curl -f` takes it for success.
 * It may, when it builds a response without an error status or returns something that is not the next handler's answer. */
export function mayAnswer(value: Value): boolean {
  for (const variant of variants(value)) {
    if (variant.t === 'class') {
      const scope = variant.scope.module.classes.get(variant.cls);
      const methods = [...(scope?.names.values() ?? [])].flat().filter((binding) => binding.b === 'func');
      if (methods.some((binding) => binding.b === 'func' && answersItself(variant.scope.module.text, binding.fn)))
        return true;
    } else if (variant.t === 'func') {
      if (answersItself(variant.scope.module.text, variant.fn)) return true;
    } else return true;
  }
  return false;
}

function answersItself(text: string, fn: Func): boolean {
  const source = text.slice(fn.from, fn.to);
  // Text is enough here: the question is only whether any response is built that is not an error.
  for (const match of source.matchAll(/\b([A-Za-z_]+)\s*\(/g)) {
    if (!RESPONSES.test(match[1] ?? '') || match[1] === 'StreamingResponse') continue;
    const after = source.slice(match.index, match.index + 400);
    if (!/status(_code)?\s*=\s*(4|5|HTTP_[45]|status\.HTTP_[45]|exc\.|e\.|err)|,\s*[45]\d\d\b/.test(after)) return true;
  }
  return false;
}
