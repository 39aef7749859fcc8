import type { UserInstruction, WorkdirInstruction } from '../../dockerfile/types.ts';
import { known, type Reason, unknown } from '../../facts/fact.ts';
import type { Place } from '../../text/place.ts';
import { change } from '../change.ts';
import { resolveUser } from '../identity.ts';
import { withFields } from '../image.ts';
import { fileOnTheWay } from '../locate.ts';
import type { Break } from '../trace.ts';
import { absolute } from './settings.ts';
import { advance, because, expand, refuse, type StageWalk } from './stage-walk.ts';

/** WORKDIR creates the folder, and those above it, for the user in force: BuildKit does, the old builder did not. */
export function workdir(walk: StageWalk, instruction: WorkdirInstruction): void {
  const breaks: Break[] = [];
  const reason = because(instruction);
  const path = absolute(walk, expand(walk, instruction.path, breaks));
  if (!path.known) {
    advance(walk, instruction, withFields(walk.state, { workdir: unknown(path.why, reason, ...path.because) }), {
      breaks,
    });
    return;
  }
  const fact = known(path.value, reason, ...path.because);
  const edit = change(walk.state, reason).set({ workdir: fact });
  const { user } = walk.state;
  const there = walk.state.tree.lookup(path.value);
  const uid = user.known ? user.value.uid : undefined;
  const gid = user.known ? user.value.gid : undefined;
  if (uid !== undefined && gid !== undefined) {
    const owner = { uid, gid, mode: 0o755 };
    edit.mkdir(path.value, { ...owner, parents: owner });
  } else {
    edit.mkdir(path.value, { mode: 0o755 });
    if (!there.known || there.value.presence === 'absent') edit.chown(path.value, null, null);
  }
  fileInTheWay(walk, path.value, instruction.place, reason, breaks);
  const made = there.known && there.value.presence === 'absent';
  advance(walk, instruction, edit.state, { breaks, effects: made ? [`creates ${path.value}`] : [] });
}

/** The folder cannot be made where a file is, or below one. */
function fileInTheWay(walk: StageWalk, path: string, at: Place, reason: Reason, breaks: Break[]): void {
  const found = fileOnTheWay(walk.state.tree.root, path);
  if (!found) return;
  const text = `${found.real} is a file, so ${path} cannot be the working directory`;
  const reasons = [reason, ...found.because];
  breaks.push(
    refuse(walk, { kind: 'other', at, subject: found.real, text, because: reasons, says: 'not a directory' }),
  );
}

export function user(walk: StageWalk, instruction: UserInstruction): void {
  const breaks: Break[] = [];
  const reason = because(instruction);
  const text = expand(walk, instruction.user, breaks);
  if (!text.known) {
    advance(walk, instruction, withFields(walk.state, { user: unknown(text.why, reason, ...text.because) }), {
      breaks,
    });
    return;
  }
  const found = resolveUser(walk.state, text.value, 'zero');
  const because_ = [reason, ...text.because, ...found.uid.because];
  advance(walk, instruction, withFields(walk.state, { user: known(found.user, ...because_) }), { breaks });
}
