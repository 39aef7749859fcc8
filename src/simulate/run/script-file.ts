import { type Fact, known } from '../../facts/fact.ts';
import { parseShell } from '../../shell/parse.ts';
import type { Arg } from '../command-model.ts';
import { doubtShell } from './doubt.ts';
import type { ExternalCall } from './external-call.ts';
import { subshell } from './pipelines.ts';
import type { RunContext } from './run-context.ts';
import { type Flow, flow, type Shell } from './shell-world.ts';
import { nestedContext } from './substitution.ts';
import { walk } from './walk.ts';

/** Scripts call scripts at most this deep. */
export const DEEPEST = 6;

/** The text of a file of the image, where it is certain. */
export function scriptText(shell: Shell, path: string): string | undefined {
  const found = shell.image.tree.lookup(path);
  return found.known && found.value.presence === 'present' ? found.value.content?.() : undefined;
}

/** The same for an executable file: only when a Bourne-like shell is to read it. */
export function scriptAt(shell: Shell, path: string): string | undefined {
  const text = scriptText(shell, path);
  return text !== undefined && /^#!\s*(\/usr)?\/bin\/(env\s+)?(sh|bash|dash|ash)\b[^\r\n]*\n/.test(text)
    ? text
    : undefined;
}

/** Walks a script that is called. `own`: in a shell of its own, whose variables end with it. */
export function walkFile(
  text: string,
  call: ExternalCall,
  args: readonly Arg[],
  shell: Shell,
  context: RunContext,
  own: boolean,
): Flow {
  const script = parseShell(text);
  // A script that is executed has the shell of its first line; one that is sourced has the caller's.
  const bash = own && /^#![^\r\n]*\bbash\b/.test(text);
  const nested = nestedContext(bash ? { ...context, dialect: 'bash' } : context, text, () => call.at);
  if (script.errors.length > 0) {
    const why = `a script that cannot be read: ${script.errors[0]?.text ?? ''}`;
    const after = doubtShell(shell, context, { ...call.reason, text: why }, call.at, { argv: call.words });
    return { success: after, failure: after, ended: [] };
  }
  const values: string[] = [];
  let positional: Fact<readonly string[]> = known(values);
  for (const { value } of args) {
    if (value.known) values.push(value.value);
    else positional = value;
  }
  if (!own) return walk(script.body, shell, nested, false);
  const shebang = /^#![^\n]*\s-([a-z]*)/.exec(text)?.[1] ?? '';
  const options = { ...shell.options, errexit: shell.options.errexit || shebang.includes('e') };
  let inner: Shell = { ...shell, positional, options, condition: false };
  for (const [name, value] of call.env)
    inner = { ...inner, variables: inner.variables.set(name, { value, exported: true }) };
  const result = subshell(walk(script.body, inner, nested, false), call.reason);
  const back = (world: Shell | undefined): Shell | undefined =>
    world
      ? {
          ...shell,
          image: world.image,
          out: world.out,
          status: world.status,
          pending: world.pending,
          hypothetical: world.hypothetical,
        }
      : undefined;
  return flow({ success: back(result.success), failure: back(result.failure), repaired: back(result.repaired) });
}
