import { change } from '../change.ts';
import { type Call, type CommandModel, type Failure, failed, succeeded } from '../command-model.ts';
import type { ImageState } from '../state.ts';
import { parseOptions, rest } from './options.ts';
import { kindAt, noSuchFile, pathOf } from './paths.ts';

const SPEC = {
  flags:
    'R recursive=R v verbose=v c changes=c f silent=f quiet=f h no-dereference=h L P H dereference preserve-root no-preserve-root',
  values: 'from reference',
};

interface Owner {
  /** undefined: left as it is; null: not known. */
  readonly uid?: number | null;
  readonly gid?: number | null;
  readonly failure?: Failure;
}

/** `user`, `user:group`, `:group`, `user:` (the user's own group); with dots as older scripts write them. */
export function readOwner(text: string, call: Call, state: ImageState): Owner {
  const match = /^([^:]*?)(?:(:)(.*))?$/.exec(text);
  let user = match?.[1] ?? '';
  let group = match?.[2] === undefined ? undefined : (match[3] ?? '');
  const users = state.users.known ? state.users.value : undefined;
  if (group === undefined && user.includes('.') && users && !users.some((item) => item.name === user)) {
    const dot = user.indexOf('.');
    group = user.slice(dot + 1);
    user = user.slice(0, dot);
  }
  const owner: { uid?: number | null; gid?: number | null } = {};
  const named = users?.find((item) => item.name === user);
  if (user !== '') {
    if (named) owner.uid = named.uid;
    else if (/^\d+$/.test(user)) owner.uid = Number(user);
    else if (user === 'root') owner.uid = 0;
    else if (!users) owner.uid = null;
    else return { uid: null, failure: invalid(call, 'user', user, text, state) };
  }
  if (group === '') owner.gid = named ? named.gid : null;
  else if (group !== undefined) {
    const groups = state.groups.known ? state.groups.value : undefined;
    const found = groups?.find((item) => item.name === group);
    if (found) owner.gid = found.gid;
    else if (/^\d+$/.test(group)) owner.gid = Number(group);
    else if (group === 'root') owner.gid = 0;
    else if (!groups) owner.gid = null;
    else return { ...owner, gid: null, failure: invalid(call, 'group', group, text, state) };
  }
  return owner;
}

function invalid(call: Call, kind: 'user' | 'group', name: string, written: string, state: ImageState): Failure {
  const known = kind === 'user' ? state.users : state.groups;
  return {
    kind: 'user-unknown',
    at: call.at,
    subject: name,
    text: `${call.name} stops: the image has no ${kind} ${name}`,
    because: [...known.because, call.reason],
    // GNU: invalid user: 'x:y'; BusyBox: unknown user x.
    says: state.distro.known && state.distro.value.id === 'alpine' ? `unknown ${kind}` : `invalid ${kind}`,
    detail: { [kind]: name, written },
  };
}

/** chown and chgrp. */
export const chown: CommandModel = (call, state) => {
  const options = parseOptions(rest(call), SPEC);
  if (!options || options.has('reference') || options.has('from')) return undefined;
  const [first, ...operands] = options.operands;
  if (!first || operands.length === 0 || !first.value.known)
    return doubtOwners(call, state, options?.operands.slice(1) ?? [], options.has('R'));
  const written = call.name === 'chgrp' ? `:${first.value.value}` : first.value.value;
  const owner = readOwner(written, call, state);
  const result = change(state, call.reason);
  const effects: string[] = [];
  const failures: Failure[] = owner.failure ? [owner.failure] : [];
  for (const operand of operands) {
    const path = pathOf(call, operand);
    if (!path.known) return undefined;
    if (kindAt(result.state, path.value) === 'absent') {
      if (options.has('f')) continue;
      const text = `${call.name} stops: ${path.value} does not exist`;
      failures.push(noSuchFile(call, result.state, path.value, text, 'No such file or directory'));
      continue;
    }
    result.chown(path.value, owner.uid, owner.gid, { recursive: options.has('R'), noFollow: options.has('h') });
    effects.push(`gives ${path.value} to ${first.value.value}${options.has('R') ? ', recursively' : ''}`);
  }
  if (
    call.uid.known &&
    call.uid.value !== 0 &&
    failures.length === 0 &&
    owner.uid !== undefined &&
    owner.uid !== call.uid.value
  ) {
    return failed(
      state,
      [
        {
          kind: 'permission-denied',
          at: call.at,
          subject: written,
          text: `${call.name} stops: only root may give files away, and this runs as user ${call.uid.value}`,
          because: [...call.uid.because, call.reason],
          says: 'Operation not permitted',
          detail: { uid: String(call.uid.value) },
        },
      ],
      { repaired: result.state },
    );
  }
  if (failures.length > 0) return failed(state, failures, { repaired: result.state });
  return succeeded(result.state, effects, options.has('v') || options.has('c') ? undefined : '');
};

/** The new owner is not known: nobody's owner is afterwards. */
function doubtOwners(call: Call, state: ImageState, operands: Parameters<typeof pathOf>[1][], recursive: boolean) {
  const result = change(state, call.reason);
  if (operands.length === 0) return undefined;
  for (const operand of operands) {
    const path = pathOf(call, operand);
    if (!path.known) return undefined;
    if (kindAt(result.state, path.value) === 'absent') return undefined;
    result.chown(path.value, null, null, { recursive });
  }
  return succeeded(result.state, ['changes owners; to whom is not known']);
}
