import type { Fact, Reason } from '../../facts/fact.ts';
import type { Simple } from '../../shell/ast.ts';
import type { Arg } from '../command-model.ts';
import type { OpenStep } from './run-context.ts';

export interface ExternalCall {
  readonly node?: Simple;
  readonly name: string;
  readonly args: readonly Arg[];
  readonly words: readonly string[];
  readonly at: OpenStep['at'];
  readonly reason: Reason;
  /** `NAME=value` before the command. */
  readonly env: ReadonlyMap<string, Fact<string>>;
}
