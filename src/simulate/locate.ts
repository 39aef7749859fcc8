import type { Presence, Reason } from '../facts/fact.ts';
import { type Doubt, type Node, PATH_MAX, splitPath } from './node.ts';

/** Where a path leads. `real` is canonical as far as it could be followed. */
export interface Located {
  readonly real: string;
  readonly presence: Presence | 'unknown';
  readonly node?: Node;
  /** Newest doubt that covers what is below. */
  readonly doubt?: Doubt;
  readonly because: readonly Reason[];
  readonly why?: string;
  /** Components of `real` that exist for certain or perhaps: a write has to create those after. */
  readonly depth: number;
}

interface Frame {
  readonly node: Node;
  readonly name: string;
  readonly doubt: Doubt | undefined;
  readonly presence: Presence | 'unknown';
}

/** As the kernel allows. */
const MAX_LINKS = 40;

function newer(a: Doubt | undefined, b: Doubt | undefined): Doubt | undefined {
  if (!a) return b;
  return b && b.stamp > a.stamp ? b : a;
}

/** Presence of a node seen below a directory with this doubt. */
export function effective(node: Node, doubt: Doubt | undefined): Presence | 'unknown' {
  if (!doubt || doubt.stamp <= node.stamp) return node.state;
  return node.state === 'present' || node.state === 'assumed' ? 'assumed' : 'unknown';
}

/** What is said of a name that was never seen in a directory. */
export function unseen(
  directory: Node,
  doubt: Doubt | undefined,
): { readonly presence: 'absent' | 'unknown'; readonly because: readonly Reason[]; readonly why?: string } {
  if (doubt && doubt.stamp > directory.sealed) {
    return { presence: 'unknown', because: [doubt.reason], why: doubt.reason.text };
  }
  if (directory.open) return { presence: 'unknown', because: [directory.open], why: directory.open.text };
  return { presence: 'absent', because: directory.because };
}

/** Follows a path from the root, through symlinks; in the last component only when `follow`. Never throws. */
export function locate(root: Node, path: string, follow: boolean): Located {
  const rootFrame: Frame = { node: root, name: '', doubt: root.doubt, presence: 'present' };
  const trail: Frame[] = [rootFrame];
  const todo = splitPath(path).reverse();
  let links = 0;
  const because: Reason[] = [];
  const real = (...more: string[]): string => {
    const names = [...trail.slice(1).map((frame) => frame.name), ...more];
    const out: string[] = [];
    for (const name of names) {
      if (name === '..') out.pop();
      else out.push(name);
    }
    return `/${out.join('/')}`;
  };
  if (path.length > PATH_MAX) {
    return { real: '/', presence: 'unknown', because, why: 'the path is longer than a kernel takes', depth: 0 };
  }
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    const top = trail.at(-1) ?? rootFrame;
    if (name === '..') {
      if (trail.length > 1) trail.pop();
      continue;
    }
    const rest = () => real(name as string, ...todo.slice().reverse());
    const depth = trail.length - 1;
    if (top.node.type !== 'directory') {
      if (top.node.type === undefined || top.presence !== 'present') {
        return {
          real: rest(),
          presence: 'unknown',
          because: top.node.because,
          why: `${real()} may be no directory`,
          depth,
        };
      }
      return { real: rest(), presence: 'absent', because: top.node.because, depth };
    }
    const doubt = newer(top.doubt, top.node.doubt);
    const child = top.node.children?.get(name);
    const seen = child ? effective(child, doubt) : undefined;
    if (child === undefined || seen === undefined) {
      return { real: rest(), ...unseen(top.node, doubt), depth };
    }
    if (seen === 'absent') return { real: rest(), presence: 'absent', because: child.because, depth };
    if (seen === 'unknown') {
      const reasons = doubt && doubt.stamp > child.stamp ? [doubt.reason] : child.because;
      const why = reasons[0]?.text ?? 'not known';
      return { real: rest(), presence: 'unknown', because: reasons, why, depth };
    }
    const presence = seen === 'assumed' || top.presence === 'assumed' ? 'assumed' : 'present';
    if (presence === 'assumed' && doubt && doubt.stamp > child.stamp) because.push(doubt.reason);
    if (child.type === 'symlink' && (todo.length > 0 || follow)) {
      const target = child.entry?.target;
      if (target === undefined || ++links > MAX_LINKS) {
        const why = target === undefined ? `${real(name)} is a link to an unknown place` : 'too many levels of links';
        return { real: rest(), presence: 'unknown', because: child.because, why, depth };
      }
      because.push(...child.because);
      if (presence === 'assumed') trail[trail.length - 1] = { ...top, presence };
      if (target.startsWith('/')) {
        trail.length = 1;
        if (presence === 'assumed') trail[0] = { ...rootFrame, presence };
      }
      todo.push(...splitPath(target).reverse());
      continue;
    }
    trail.push({ node: child, name, doubt, presence });
  }
  const top = trail.at(-1) ?? rootFrame;
  const doubt = newer(top.doubt, top.node.doubt);
  return {
    real: real(),
    presence: top.presence,
    node: top.node,
    because: [...because, ...top.node.because],
    depth: trail.length - 1,
    ...(doubt ? { doubt } : {}),
  };
}

/** The file that stands where a path, or the way to it, needs a folder; only when that is certain. */
export function fileOnTheWay(root: Node, path: string): Located | undefined {
  const found = locate(root, path, true);
  if (found.presence === 'present') return found.node?.type === 'file' ? found : undefined;
  if (found.presence !== 'absent') return undefined;
  const last =
    found.real
      .split('/')
      .slice(0, found.depth + 1)
      .join('/') || '/';
  const above = locate(root, last, true);
  return above.presence === 'present' && above.node?.type === 'file' ? above : undefined;
}
