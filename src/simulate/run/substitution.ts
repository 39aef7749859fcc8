import { type Fact, known, unknown } from '../../facts/fact.ts';
import type { Part } from '../../shell/ast.ts';
import { settlePending } from './pending.ts';
import { subshell } from './pipelines.ts';
import { line, type RunContext } from './run-context.ts';
import { mergeShells, type Shell } from './shell-world.ts';
import { walk } from './walk.ts';

/** Runs a command substitution in a subshell of its own: what it changes in the image stays, what it prints is its value. */
export function substitution(context: RunContext): RunContext['substitute'] {
  return (part: Extract<Part, { kind: 'command' }>, shell: Shell): { shell: Shell; text: Fact<string> } => {
    if (part.script.errors.length > 0) return { shell, text: unknown('a substitution that cannot be read') };
    const reason = line(context, part.script.body.span, 'it depends on a substitution');
    const inner: Shell = { ...shell, out: known(''), pending: [] };
    // Backquotes with escapes are a text of their own: their offsets say nothing about the script around them.
    const whole = context.place({ start: 0, end: context.text.length });
    const nested = part.script.text === context.text ? context : nestedContext(context, part.script.text, () => whole);
    const result = subshell(walk(part.script.body, inner, nested, false), reason);
    if (result.failure) settlePending(result.failure, context, true);
    const merged = mergeShells(result.success, result.failure, reason);
    if (!merged) return { shell, text: unknown('a substitution that does not end', reason) };
    const status = result.failure ? (result.success ? undefined : 1) : merged.status;
    return { shell: { ...shell, image: merged.image, status }, text: merged.out ?? unknown('not printed', reason) };
  };
}

/** The context of another script that runs inside this one. */
export function nestedContext(context: RunContext, text: string, place: RunContext['place']): RunContext {
  const nested: RunContext = {
    ...context,
    text,
    place,
    depth: context.depth + 1,
    substitute: (part, shell) => substitution(nested)(part, shell),
  };
  return nested;
}
