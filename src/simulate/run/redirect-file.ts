import { type Fact, known, type Reason, unknown } from '../../facts/fact.ts';
import type { Redirect } from '../../shell/ast.ts';
import { change } from '../change.ts';
import type { Failure } from '../command-model.ts';
import { groupsOf } from '../identity.ts';
import type { SimulatedImage } from '../image.ts';
import { joinPath } from '../node.ts';
import { mayReach, mayWrite } from '../reach.ts';
import type { RunContext } from './run-context.ts';

/** Where the output of a command goes. */
export interface Sink {
  readonly path: string;
  readonly append: boolean;
  readonly reason: Reason;
}

export function readFile(
  image: SimulatedImage,
  path: string,
  reason: Reason,
): { text: Fact<string>; failure?: Failure } {
  if (path.startsWith('/dev/') || path.startsWith('/proc/'))
    return { text: path === '/dev/null' ? known('') : unknown(`${path} is a device`) };
  const found = image.tree.lookup(path);
  if (!found.known) return { text: found };
  if (found.value.presence === 'absent') {
    const at = 'at' in reason ? reason.at : undefined;
    const text = unknown(`${path} is not there`, ...found.because);
    if (!at) return { text };
    const says = 'No such file';
    return {
      text,
      failure: {
        kind: 'file-missing',
        at,
        subject: path,
        text: `the shell cannot read ${path}: it is not there`,
        because: [reason, ...found.because],
        says,
      },
    };
  }
  const content = found.value.presence === 'present' ? found.value.content?.() : undefined;
  return {
    text:
      content === undefined ? unknown(`the text of ${path} is not known`, reason) : known(content, ...found.because),
  };
}

/** Why the shell could not create a file, where that is certain. */
export function cannotWrite(
  image: SimulatedImage,
  path: string,
  context: RunContext,
  reason: Reason,
  span: Redirect['span'],
): Failure | 'perhaps' | undefined {
  const at = context.place(span);
  if (context.mounts.some((mount) => path.startsWith(`${mount.target}/`))) return undefined;
  const folder = joinPath('/', `${path}/..`);
  const parent = image.tree.lookup(folder);
  const old = image.tree.lookup(path);
  const isFolder = old.known && old.value.presence === 'present' && old.value.type === 'directory';
  const noFolder = parent.known && parent.value.presence === 'present' && parent.value.type === 'file';
  if (isFolder || noFolder) {
    const text = isFolder ? `${path} is a folder: the shell cannot write into it` : `${folder} is a file, not a folder`;
    const reasons = [reason, ...(isFolder ? old.because : parent.because)];
    const says = isFolder ? 's a directory' : 'ot a directory';
    return { kind: 'other', at, subject: path, text, because: reasons, says };
  }
  if (parent.known && parent.value.presence === 'absent') {
    const text = `the shell cannot create ${path}: the folder ${folder} is not there`;
    return {
      kind: 'file-missing',
      at,
      subject: folder,
      text,
      because: [reason, ...parent.because],
      says: context.dialect === 'bash' ? 'No such file or directory' : 'nonexist',
      detail: { path },
    };
  }
  const sure = parent.known && parent.value.presence === 'present' && parent.value.type === 'directory';
  if (context.uid.known && context.uid.value === 0) return sure ? undefined : 'perhaps';
  if (!context.uid.known || !context.gid.known || !sure) return 'perhaps';
  if (!old.known || old.value.presence === 'assumed') return 'perhaps';
  const uid = context.uid.value;
  const groups = groupsOf(image, context.uid, context.gid);
  const target = old.value.presence === 'present' ? old.value : parent.value;
  const reach = mayReach(image.tree, path, uid, groups);
  const allowed = reach === false ? false : reach === undefined ? undefined : mayWrite(target.attributes, uid, groups);
  if (allowed === true) return undefined;
  if (allowed === undefined) return 'perhaps';
  const text = `user ${uid} may not write ${path}`;
  const reasons = [reason, ...parent.because];
  const says = 'ermission denied';
  return { kind: 'permission-denied', at, subject: path, text, because: reasons, says, detail: { path, folder } };
}

/** The image after the output was written. `text` absent or unknown: the file is there with unknown content. */
export function writeSink(
  image: SimulatedImage,
  sink: Sink,
  text: Fact<string>,
  context: RunContext,
  umask: number,
): SimulatedImage {
  const edit = change(image, sink.reason);
  const old = sink.append ? image.tree.lookup(sink.path) : undefined;
  const before = old?.known
    ? old.value.presence === 'absent'
      ? ''
      : old.value.content?.()
    : sink.append
      ? undefined
      : '';
  const all = before !== undefined && text.known ? before + text.value : undefined;
  const own = context.uid.known && context.gid.known ? { uid: context.uid.value, gid: context.gid.value } : {};
  if (!context.uid.known) return edit.assumeBelow(sink.path, 'it is written by a user that is not known').state;
  edit.write(sink.path, {
    ...own,
    mode: 0o666 & ~umask,
    ...(all === undefined ? {} : { content: () => all, size: new TextEncoder().encode(all).length }),
  });
  return edit.state;
}
