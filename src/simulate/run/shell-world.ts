import { type Fact, known, type Reason, unknown } from '../../facts/fact.ts';
import type { Command } from '../../shell/ast.ts';
import type { Failure } from '../command-model.ts';
import type { SimulatedImage } from '../image.ts';
import { mergeImages } from '../merge-images.ts';
import { PersistentMap } from '../persistent-map.ts';
import type { OpenStep } from './run-context.ts';

export interface Variable {
  readonly value: Fact<string>;
  readonly exported: boolean;
}

/** A failure that has happened but whose consequence is not decided yet. */
export interface Pending {
  readonly failure: Failure;
  readonly step: OpenStep;
  readonly hypothetical: boolean;
}

/** A shell at one point of a script, with the image it changes. Immutable: branches are worlds of their own. */
export interface Shell {
  readonly image: SimulatedImage;
  readonly cwd: Fact<string>;
  readonly variables: PersistentMap<Variable>;
  /** Names that are not listed may be set. */
  readonly open: boolean;
  readonly functions: PersistentMap<Command | null>;
  readonly positional: Fact<readonly string[]>;
  readonly options: { readonly errexit: boolean; readonly pipefail: boolean; readonly nounset: boolean };
  /** In a condition, or left of `&&` and `||`: `set -e` looks away. */
  readonly condition: boolean;
  readonly umask: number;
  /** Whether this point is reached for certain, given that whatever must succeed did. */
  readonly certain: boolean;
  /** Below a break: as if that were repaired. */
  readonly hypothetical: boolean;
  /** Why the last command failed, for `failure` worlds. */
  readonly pending: readonly Pending[];
  /** A failure that `set -e` overlooks: dash and BusyBox go on when the redirection of a group is refused. */
  readonly overlooked?: boolean;
  /** `$?`, where known. */
  readonly status: number | undefined;
  /** What was printed since capturing began; undefined: nobody listens. */
  readonly out: Fact<string> | undefined;
  readonly stdin: Fact<string> | undefined;
}

/** A world in which the script goes no further here. */
export interface Ended {
  readonly how: 'exit' | 'return' | 'break' | 'continue';
  readonly status: 'zero' | 'nonzero' | 'unknown';
  readonly shell: Shell;
}

/** What can come of a command. Worlds that are impossible are missing. `repaired`: there is no success, but what the author
 * meant goes on from here. */
export interface Flow {
  readonly success?: Shell;
  readonly failure?: Shell;
  readonly repaired?: Shell;
  readonly ended: readonly Ended[];
}

export function flow(parts: {
  readonly success?: Shell | undefined;
  readonly failure?: Shell | undefined;
  readonly repaired?: Shell | undefined;
  readonly ended?: readonly Ended[];
}): Flow {
  return {
    ...(parts.success ? { success: parts.success } : {}),
    ...(parts.failure ? { failure: parts.failure } : {}),
    ...(parts.repaired && !parts.success ? { repaired: parts.repaired } : {}),
    ended: parts.ended ?? [],
  };
}

function mergeFact<T>(a: Fact<T>, b: Fact<T>, why: string): Fact<T> {
  if (a === b) return a;
  if (!a.known) return a;
  if (!b.known) return b;
  return a.value === b.value ? a : unknown(why, ...a.because.slice(0, 2), ...b.because.slice(0, 2));
}

/** One world for two that are both possible. */
export function mergeShells(a: Shell | undefined, b: Shell | undefined, reason: Reason): Shell | undefined {
  if (!a || a === b) return b;
  if (!b) return a;
  const why = 'it depends on which branch ran';
  let variables = a.variables;
  if (a.variables !== b.variables) {
    for (const name of new Set([...a.variables.keys(), ...b.variables.keys()])) {
      const left = a.variables.get(name);
      const right = b.variables.get(name);
      if (left === right) continue;
      const value = left && right ? mergeFact(left.value, right.value, why) : unknown(why, reason);
      variables = variables.set(name, { value, exported: (left?.exported ?? false) || (right?.exported ?? false) });
    }
  }
  let functions = a.functions;
  if (a.functions !== b.functions) {
    for (const name of new Set([...a.functions.keys(), ...b.functions.keys()])) {
      if (a.functions.get(name) !== b.functions.get(name)) functions = functions.set(name, null);
    }
  }
  return {
    ...a,
    image: mergeImages(a.image, b.image, reason),
    cwd: mergeFact(a.cwd, b.cwd, why),
    variables,
    functions,
    open: a.open || b.open,
    positional: a.positional === b.positional ? a.positional : unknown(why, reason),
    options: {
      errexit: a.options.errexit && b.options.errexit,
      pipefail: a.options.pipefail && b.options.pipefail,
      nounset: a.options.nounset && b.options.nounset,
    },
    certain: a.certain && b.certain,
    hypothetical: a.hypothetical || b.hypothetical,
    pending: [...a.pending, ...b.pending.filter((item) => !a.pending.includes(item))],
    status: a.status === b.status ? a.status : undefined,
    out: a.out && b.out ? mergeFact(a.out, b.out, why) : (a.out ?? b.out),
    stdin: a.stdin === b.stdin ? a.stdin : a.stdin || b.stdin ? unknown(why, reason) : undefined,
  };
}

/** More output than this is not followed. */
const MAX_OUTPUT = 1_000_000;

/** The shell after a command printed something. */
export function print(shell: Shell, text: Fact<string>): Shell {
  if (!shell.out) return shell;
  if (!shell.out.known) return shell;
  if (!text.known) return { ...shell, out: text };
  if (text.value === '') return shell;
  const all = shell.out.value + text.value;
  const out =
    all.length > MAX_OUTPUT
      ? unknown('more output than Plimsoll follows')
      : known(all, ...shell.out.because, ...text.because.slice(0, 3));
  return { ...shell, out };
}

export function setVariable(shell: Shell, name: string, value: Fact<string>, exported?: boolean): Shell {
  const old = shell.variables.get(name);
  const next = { value, exported: exported ?? old?.exported ?? false };
  return { ...shell, variables: shell.variables.set(name, next) };
}

/** Value of a variable: undefined when it is unset for certain. */
export function variable(shell: Shell, name: string): Fact<string> | undefined {
  const found = shell.variables.get(name);
  if (found) return found.value;
  return shell.open ? unknown(`the value of $${name} is not known`) : undefined;
}

export function environment(shell: Shell): ReadonlyMap<string, Fact<string>> {
  const out = new Map<string, Fact<string>>();
  for (const [name, { value, exported }] of shell.variables) if (exported) out.set(name, value);
  return out;
}

export const noFunctions: PersistentMap<Command | null> = PersistentMap.empty<Command | null>();
