import type { Mapping } from './node.ts';
import type { ComposeProblem } from './problem.ts';

/** Checks a compose file against the official schema. */
export function validate(_tree: Mapping, _problems: ComposeProblem[]): void {
  return;
}
