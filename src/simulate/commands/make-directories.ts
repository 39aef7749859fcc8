import { change } from '../change.ts';
import { type CommandModel, type Failure, failed, succeeded } from '../command-model.ts';
import type { ImageState } from '../state.ts';
import { parseMode } from './mode.ts';
import { parseOptions, rest } from './options.ts';
import { because, denied, idsKnown, kindAt, ownerOf, parentOf, pathOf } from './paths.ts';

const SPEC = { flags: 'p parents=p v verbose=v', values: 'm mode=m' };

/** mkdir: with -p parents too, modes by umask (the last component by -m). */
export const mkdir: CommandModel = (call, state) => {
  const options = parseOptions(rest(call), SPEC);
  if (!options || options.operands.length === 0) return undefined;
  const wanted = options.value('m');
  if (wanted && !wanted.known) return undefined;
  const base = 0o777 & ~call.umask;
  const mode = wanted ? parseMode(wanted.value, 0o777, true, call.umask) : base;
  if (mode === undefined) return undefined;
  const result = change(state, call.reason);
  const effects: string[] = [];
  for (const operand of options.operands) {
    const path = pathOf(call, operand);
    if (!path.known) return undefined;
    const now = result.state;
    const kind = kindAt(now, path.value);
    const own = ownerOf(call);
    const make = () => {
      result.mkdir(path.value, { ...own, mode, parents: { uid: own.uid ?? 0, gid: own.gid ?? 0, mode: base | 0o300 } });
      if (!idsKnown(call) && kind !== 'directory') result.chown(path.value, own.uid ?? null, own.gid ?? null);
    };
    if (kind === 'directory' && options.has('p')) continue;
    if (kind === 'directory' || kind === 'file') {
      return failed(
        now,
        [
          {
            kind: 'other',
            at: operand.at,
            subject: path.value,
            text: `mkdir stops: ${path.value} exists already${kind === 'file' ? ' and is a file' : ''}`,
            because: [...because(now, path.value), call.reason],
            says: 'File exists',
            detail: { path: path.value },
          },
        ],
        { repaired: now },
      );
    }
    if (!options.has('p') && kindAt(now, parentOf(path.value)) === 'absent') {
      make();
      return failed(
        now,
        [
          {
            kind: 'file-missing',
            at: operand.at,
            subject: parentOf(path.value),
            text: `mkdir without -p stops: ${parentOf(path.value)} does not exist`,
            because: [...because(now, parentOf(path.value)), call.reason],
            says: 'No such file or directory',
            detail: { path: parentOf(path.value) },
          },
        ],
        { repaired: result.state },
      );
    }
    const blocked = kind === 'absent' ? inTheWay(now, path.value) : undefined;
    if (blocked) {
      make();
      const failure: Failure = {
        kind: 'other',
        at: operand.at,
        subject: blocked.path,
        text: `mkdir stops: ${blocked.path} is ${blocked.what}`,
        because: [...because(now, path.value), call.reason],
        says: blocked.says,
        detail: { path: blocked.path },
      };
      return failed(now, [failure], { repaired: result.state });
    }
    const refused = kind === 'absent' ? denied(call, now, path.value, 'mkdir') : undefined;
    make();
    if (refused) return failed(now, [refused], { repaired: result.state });
    effects.push(`creates ${path.value}`);
  }
  return succeeded(result.state, effects, options.has('v') ? undefined : '');
};

/** What stands where mkdir has to make a folder: a file, a link to nowhere (the kernel does not follow it). */
function inTheWay(
  state: ImageState,
  path: string,
): { readonly path: string; readonly what: string; readonly says: string } | undefined {
  const parts = path.split('/').slice(1);
  for (let i = 1; i <= parts.length; i++) {
    const above = `/${parts.slice(0, i).join('/')}`;
    const own = kindAt(state, above, false);
    if (own === 'absent' || own === 'unknown') return undefined;
    const there = own === 'symlink' ? kindAt(state, above) : own;
    if (there === 'directory') continue;
    // coreutils says that it exists, BusyBox with -p that it does not.
    if (there === 'absent')
      return { path: above, what: 'a link to a folder that is not there', says: 'create directory' };
    return there === 'file' ? { path: above, what: 'a file', says: 'Not a directory' } : undefined;
  }
  return undefined;
}

/** rmdir: only what is empty. */
export const rmdir: CommandModel = (call, state) => {
  const options = parseOptions(rest(call), { flags: 'p v ignore-fail-on-non-empty=i' });
  if (!options || options.has('p')) return undefined;
  const result = change(state, call.reason);
  for (const operand of options.operands) {
    const path = pathOf(call, operand);
    if (!path.known) return undefined;
    const listed = result.state.tree.list(path.value);
    if (!listed.known || !listed.value.complete || listed.value.names.length > 0) return undefined;
    result.remove(path.value);
  }
  return succeeded(result.state, [], '');
};
