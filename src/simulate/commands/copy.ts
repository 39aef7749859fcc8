import { type Change, change } from '../change.ts';
import { type Call, type CommandModel, type Failure, failed, type Outcome, succeeded } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { FileEntry, ImageState } from '../state.ts';
import { type Options, parseOptions, rest } from './options.ts';
import {
  absolute,
  baseName,
  because,
  denied,
  idsKnown,
  type Kind,
  kindAt,
  noSuchFile,
  ownerOf,
  parentOf,
  pathOf,
} from './paths.ts';
import { ontoItself } from './same-file.ts';

const CP = {
  flags:
    'r recursive=r R=r a archive=a p f force=f v verbose=v n no-clobber=n u update=u d L dereference=L P no-dereference=P H l link=l s symbolic-link=s T no-target-directory=T i x parents',
  values: 't target-directory=t preserve no-preserve reflink sparse',
};

interface Target {
  readonly path: string;
  /** Sources go into it under their own names. */
  readonly into: boolean;
  /** It may be a directory or not be there: where the source lands is not known. */
  readonly unsure?: true;
}

/** Where sources go: into an existing directory, else to the name itself. */
export function targetOf(
  call: Call,
  state: ImageState,
  options: Options,
): { target: Target; sources: Options['operands'] } | undefined {
  const folder = options.value('t');
  const sources = folder ? options.operands : options.operands.slice(0, -1);
  const last = options.operands.at(-1);
  const path = folder ? absolute(call, folder) : last ? pathOf(call, last) : undefined;
  if (!path?.known || sources.length === 0) return undefined;
  const kind = kindAt(state, path.value);
  if (kind === 'unknown' && !folder && sources.length === 1 && !options.has('T')) {
    // Into it or to that name: a slash at the end tells, or a name that a directory hardly has.
    const text = last?.value.known ? last.value.value : '';
    if (!text.endsWith('/') && !/(^|\/)\.\.?$/.test(text)) {
      const file = /\/s?bin\/[^/]+$|\.[A-Za-z]\w*$/.test(path.value) && !/\.d$/.test(path.value);
      return { target: { path: path.value, into: false, ...(file ? {} : { unsure: true as const }) }, sources };
    }
  }
  const into = folder !== undefined || sources.length > 1 || kind === 'directory' || kind === 'unknown';
  return { target: { path: path.value, into: into && !options.has('T') }, sources };
}

/** cp, with files, -r and -a. */
export const cp: CommandModel = (call, state) => {
  const options = parseOptions(rest(call), CP);
  if (!options || ['n', 'u', 'l', 's', 'parents', 'preserve', 'no-preserve'].some((name) => options.has(name)))
    return undefined;
  const where = targetOf(call, state, options);
  if (!where) return undefined;
  const recursive = options.has('r') || options.has('a');
  const keep = options.has('a') || options.has('p');
  const own = ownerOf(call);
  return copyEach(call, state, where, (result, from, to) => {
    const kind = kindAt(result.state, from);
    if (kind === 'directory' && !recursive) {
      return {
        kind: 'other',
        at: call.at,
        subject: from,
        text: `cp without -r stops: ${from} is a directory`,
        because: [...because(result.state, from), call.reason],
        says: 'omitting directory',
        detail: { path: from },
      };
    }
    const mode = keep ? undefined : (entry: FileEntry) => entry.mode & 0o777 & ~call.umask;
    result.copy(result.state, from, to, {
      follow: !recursive,
      ...(keep ? { keepOwner: true } : { uid: own.uid ?? 0, gid: own.gid ?? 0 }),
      ...(mode ? { mode } : {}),
      parents: { uid: own.uid ?? 0, gid: own.gid ?? 0, mode: 0o777 & ~call.umask },
    });
    if (!keep && !idsKnown(call)) result.chown(to, own.uid ?? null, own.gid ?? null, { recursive });
    return undefined;
  });
};

/** Copies source after source, and tells what is missing. */
export function copyEach(
  call: Call,
  state: ImageState,
  where: { readonly target: Target; readonly sources: Options['operands'] },
  one: (result: Change, from: string, to: string) => Failure | undefined,
): Outcome | undefined {
  const result = change(state, call.reason);
  // What the author meant: with everything that cannot be done done.
  const repaired = change(state, call.reason);
  const failures: Failure[] = [];
  const effects: string[] = [];
  const { target, sources } = where;
  if (target.into && kindAt(state, target.path) === 'absent') {
    failures.push(
      noSuchFile(
        call,
        state,
        target.path,
        `${call.name} stops: the folder ${target.path} does not exist`,
        target.path.split('/').at(-1) ?? '',
      ),
    );
  }
  for (const source of sources) {
    if (!source.value.known && source.pattern !== undefined) {
      // Which files the pattern names is not known: whatever is at the target may be new.
      result.fill(target.path, `${call.name} copies ${source.pattern} into it`);
      continue;
    }
    const from = pathOf(call, source);
    if (!from.known) return undefined;
    if (target.unsure && kindAt(result.state, from.value) !== 'absent') {
      result.assumeBelow(target.path, `${call.name} puts ${from.value} there`);
      if (call.name === 'mv') result.remove(from.value);
      continue;
    }
    const text = source.value.known ? source.value.value : '';
    const contents = /(^|\/)\.\/*$/.test(text);
    const to = target.into && !contents ? joinPath(target.path, baseName(from.value)) : target.path;
    const kind = kindAt(result.state, from.value);
    if (kind === 'absent') {
      failures.push(
        noSuchFile(
          call,
          result.state,
          from.value,
          `${call.name} stops: ${from.value} does not exist`,
          'No such file or directory',
        ),
      );
      continue;
    }
    if (kind === 'unknown') {
      // It may be a file or a folder, there or not: after a success the target has it.
      if (target.into) result.assumeBelow(to, `${call.name} puts ${from.value} there`);
      else result.assumeBelow(target.path, `${call.name} puts ${from.value} there`);
      continue;
    }
    const itself = ontoItself(call, result.state, from.value, to);
    if (itself === 'unknown') return undefined;
    if (itself) {
      failures.push(itself);
      // A folder is copied into itself in part before it stops.
      if (to !== from.value && call.name !== 'mv') result.assumeBelow(to, itself.text);
      continue;
    }
    const refused = denied(call, result.state, to, call.name);
    if (refused && kindAt(result.state, to) === 'absent') failures.push(refused);
    const blocked = cannotLand(call, result.state, kind, to);
    if (blocked) {
      failures.push(blocked);
      one(repaired, from.value, to);
      continue;
    }
    const problem = one(result, from.value, to);
    if (!problem) one(repaired, from.value, to);
    if (problem) failures.push(problem);
    else effects.push(`${call.name === 'mv' ? 'moves' : 'copies'} ${from.value} to ${to}`);
  }
  // One source that cannot be copied does not keep the others back.
  if (failures.length > 0) return failed(result.state, failures, { repaired: repaired.state });
  return succeeded(result.state, effects, '');
}

/** Why nothing can be put at a path: the folder above is not there, or a file stands where a folder should. */
function cannotLand(call: Call, state: ImageState, kind: Kind, to: string): Failure | undefined {
  const folder = parentOf(to);
  const above = kindAt(state, folder);
  const makes = call.argv.some((arg) => arg.value.known && /^-[a-zA-Z]*D/.test(arg.value.value));
  if (above === 'file' || (above === 'absent' && !makes)) {
    const says = above === 'file' ? 'ot a directory' : 'No such file or directory';
    const what = above === 'file' ? 'is a file' : 'does not exist';
    return noSuchFile(call, state, folder, `${call.name} stops: the folder ${folder} ${what}`, says);
  }
  if (kind !== 'directory' || kindAt(state, to) !== 'file') return undefined;
  const text = `${call.name} stops: ${to} is a file, and a folder cannot replace it`;
  return { kind: 'other', at: call.at, subject: to, text, because: [...because(state, to), call.reason] };
}

const MV = {
  flags: 'f force=f v verbose=v n no-clobber=n i u T no-target-directory=T',
  values: 't target-directory=t',
};

/** mv. */
export const mv: CommandModel = (call, state) => {
  const options = parseOptions(rest(call), MV);
  if (!options || options.has('n') || options.has('u')) return undefined;
  const where = targetOf(call, state, options);
  if (!where) return undefined;
  return copyEach(call, state, where, (result, from, to) => {
    result.move(from, to);
    return undefined;
  });
};
