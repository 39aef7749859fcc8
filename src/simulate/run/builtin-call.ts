import type { Arg } from '../command-model.ts';
import type { OpenStep, RunContext } from './run-context.ts';
import type { Flow, Shell } from './shell-world.ts';

/** A command that the shell itself runs. `open` makes its step. */
export interface BuiltinCall {
  readonly args: readonly Arg[];
  readonly shell: Shell;
  readonly context: RunContext;
  readonly open: (effects?: readonly string[], unmodelled?: string) => OpenStep;
}

export type Builtin = (call: BuiltinCall) => Flow;

export function ok(shell: Shell): Flow {
  return { success: { ...shell, status: 0 }, ended: [] };
}

/** Succeeds or fails, who knows. */
export function may(success: Shell, failure: Shell = success): Flow {
  return { success: { ...success, status: 0 }, failure: { ...failure, status: undefined }, ended: [] };
}
