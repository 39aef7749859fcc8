/** Values of `matrix.x`, `env.X` and the like by their dotted name. */
export type ExpressionScope = ReadonlyMap<string, string>;

/** Replaces `${{ … }}`. Undefined when an expression is not known. */
export function expandExpression(text: string, scope: ExpressionScope): string | undefined {
  let sure = true;
  const out = text.replace(/\$\{\{\s*([^}]*?)\s*\}\}/g, (_all, inner: string) => {
    const value = evaluate(inner, scope);
    if (value === undefined) sure = false;
    return value ?? '';
  });
  return sure ? out : undefined;
}

/** As above for shell text: what is not known becomes a variable that nothing sets. */
export function expandForShell(text: string, scope: ExpressionScope): string {
  return text.replace(
    /\$\{\{\s*([^}]*?)\s*\}\}/g,
    (_all, inner: string) => evaluate(inner, scope) ?? '${_UNKNOWN_EXPRESSION}',
  );
}

function evaluate(inner: string, scope: ExpressionScope): string | undefined {
  const literal = /^'([^']*)'$/.exec(inner);
  if (literal !== null) return literal[1];
  if (/^github\.workspace$/.test(inner)) return '.';
  const [first, ...rest] = inner.split('||').map((part) => part.trim());
  if (first === undefined) return undefined;
  const value = scope.get(first.replace(/\[\s*'([^']+)'\s*\]/g, '.$1'));
  if (value !== undefined && (value !== '' || rest.length === 0)) return value;
  return undefined;
}
