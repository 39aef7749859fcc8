import type { Failure } from '../command-model.ts';
import type { OpenStep } from './run-context.ts';
import type { Flow, Shell } from './shell-world.ts';

/** The flow of a command that certainly fails. In a world that is not certain to be reached nobody is accused. */
export function failing(
  shell: Shell,
  failures: readonly Failure[],
  step: OpenStep,
  code: number,
  repaired?: Shell,
): Flow {
  const { hypothetical } = shell;
  const pending = shell.certain ? failures.map((failure) => ({ failure, step, hypothetical })) : [];
  const below = failures.length > 0 && shell.certain;
  const next = repaired ?? shell;
  return {
    failure: { ...shell, pending: [...shell.pending, ...pending], status: code },
    // A plain `false` is what the author wrote: there is nothing to repair.
    ...(below ? { repaired: { ...next, hypothetical: true, status: 0 } } : {}),
    ended: [],
  };
}

/** The same for an error that ends the shell itself, whatever comes after: a bad option of `set`, `${x:?}`. */
export function stopping(
  shell: Shell,
  failures: readonly Failure[],
  step: OpenStep,
  code: number,
  repaired?: Shell,
): Flow {
  const { failure, ...rest } = failing(shell, failures, step, code, repaired);
  return failure ? { ...rest, ended: [{ how: 'exit', status: 'nonzero', shell: failure }] } : rest;
}
