import type { Expr } from './ir.ts';
import type { Module, Scope } from './module.ts';

/** Whether the process ends when an expression (or the variable it is bound to) is empty; says where. */
export function demandOf(
  module: Module,
  expr: Expr,
  scope: Scope,
): { readonly from: number; readonly to: number } | undefined {
  const direct = module.demanded.find((demand) => demand.expr === expr || sameText(module, demand.expr, expr));
  if (direct) return direct;
  for (const [name, bindings] of scope.names) {
    if (!bindings.some((binding) => binding.b === 'value' && binding.expr === expr)) continue;
    const found = module.demanded.find(
      (demand) => demand.expr.k === 'name' && demand.expr.name === name && demand.scope === scope,
    );
    if (found) return found;
  }
  return undefined;
}

function sameText(module: Module, a: Expr, b: Expr): boolean {
  return (
    a.k !== 'name' &&
    a.to - a.from === b.to - b.from &&
    module.text.slice(a.from, a.to) === module.text.slice(b.from, b.to)
  );
}

/** Whether code in a scope runs while its module is loaded: not inside a function. */
export function atImport(scope: Scope): boolean {
  for (let at: Scope | undefined = scope; at; at = at.parent) if (at.fn) return false;
  return true;
}

/** Whether something is done for certain while its module is loaded, and its failure ends that. */
export function runsAtLoad(site: {
  readonly scope: Scope;
  readonly caught: boolean;
  readonly doubtful?: string;
}): boolean {
  return atImport(site.scope) && !site.caught && site.doubtful === undefined;
}
