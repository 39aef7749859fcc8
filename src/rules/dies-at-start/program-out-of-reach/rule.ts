import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import type { FileTree, ImageState, PathState, RunUser } from '../../../simulate/state.ts';
import { programPath, startedPrograms } from '../../program-path.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'the program lies in a folder that its user may not enter',
  why: 'The home of root is for root only (0700). What was installed into it, `pip install --user` or the Python that uv has fetched, does not exist for any other user: "permission denied", or "executable file not found in $PATH".',
  remedy:
    'Install to a folder that everybody may read (/opt/venv, UV_PYTHON_INSTALL_DIR=/opt/python), or into the home of that user.',
  proof: 'engine',
  *check(service) {
    const { target } = service;
    if (target === undefined) return;
    const user = yield* know(service.user);
    if (user.uid === 0) return;
    const application = yield* know(service.application);
    const image = yield* know(service.image);
    yield* each(startedPrograms(application.launch), function* (name) {
      const path = programPath(image, name);
      if (path === undefined) return;
      if (user.uid === undefined) yield* know(unknown(`which id ${user.written} has is not known`));
      const barrier = filesOf(image, path)
        .map((file) => closedFolder(image.tree, file, user))
        .find((found) => found !== undefined);
      if (barrier === undefined) return;
      const process = yield* know(service.process);
      const { folder, file, found } = barrier;
      const named = user.written === '' ? `user ${user.uid}` : user.written;
      yield claim({
        breaks: service.nodes.starts,
        at: process.at,
        title: `${named} may not enter ${folder}, where ${file === path ? name : `the Python of ${name}`} lies (${file})`,
        subject: file,
        because: [
          { kind: 'line', at: process.at, text: `the container starts ${name}` },
          ...(found.entry === undefined ? [] : [found.entry.origin]),
          {
            kind: 'line',
            at: target.at,
            text: `${folder} belongs to user ${found.attributes.uid} (${found.attributes.mode?.toString(8)})`,
          },
        ],
      });
    });
  },
});

/** The program, what it is a link to, and the Python of the virtual environment that it lies in. */
function filesOf({ tree }: ImageState, path: string): readonly string[] {
  const folder = path.slice(0, path.lastIndexOf('/'));
  const real = (file: string): readonly string[] => {
    const found = tree.lookup(file);
    return found.known && found.value.presence === 'present' ? [found.value.real] : [];
  };
  const environment = real(`${folder.slice(0, folder.lastIndexOf('/'))}/pyvenv.cfg`).length > 0;
  return [path, ...real(path), ...(environment ? real(`${folder}/python`) : [])];
}

/** The first folder above a file that a user cannot pass for certain. A group that may excuses. */
function closedFolder(
  tree: FileTree,
  file: string,
  user: RunUser,
): { readonly folder: string; readonly file: string; readonly found: PathState } | undefined {
  const parts = file.split('/').slice(1, -1);
  for (let length = 1; length <= parts.length; length++) {
    const folder = `/${parts.slice(0, length).join('/')}`;
    const found = tree.lookup(folder);
    if (!found.known || found.value.presence !== 'present') continue;
    const { mode, uid } = found.value.attributes;
    if (mode === undefined || uid === undefined) continue;
    if ((mode & (uid === user.uid ? 0o100 : 0o011)) === 0) return { folder, file, found: found.value };
  }
  return undefined;
}
