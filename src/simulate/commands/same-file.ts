import type { Call, Failure } from '../command-model.ts';
import { simulated } from '../image.ts';
import type { ImageState } from '../state.ts';
import { because, kindAt } from './paths.ts';

/** How copying or moving something onto itself or into itself ends: a failure, or `'unknown'` where coreutils and BusyBox
 * differ. Undefined: source and target are two different things. */
export function ontoItself(call: Call, state: ImageState, from: string, to: string): Failure | 'unknown' | undefined {
  const { tree } = simulated(state);
  const [source, target] = [tree.locate(from, true).real, tree.locate(to, true).real];
  if (kindAt(state, from) === 'directory' && target.startsWith(`${source}/`)) {
    const text = `${call.name} stops: ${target} is inside ${source}, which cannot be put into itself`;
    return { kind: 'other', at: call.at, subject: target, text, because: [...because(state, from), call.reason] };
  }
  if (source !== target) return undefined;
  const links = [from, to].some((path) => kindAt(state, path, false) === 'symlink');
  if (call.name !== 'cp' || links) return 'unknown';
  return {
    kind: 'other',
    at: call.at,
    subject: source,
    text: `cp stops: ${from} and ${to} are the same file`,
    because: [...because(state, from), call.reason],
    says: 'are the same file',
  };
}
