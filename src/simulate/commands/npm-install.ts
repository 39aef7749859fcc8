import { change } from '../change.ts';
import { type Call, type Failure, failed, type Outcome, succeeded } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { lockHost } from './lock-host.ts';
import { staleLock } from './lock-stale.ts';
import { fileFailure, fillModules, nearestWith, noneOf, notWritable, omitsDev, readManifest } from './node-project.ts';
import type { Line } from './npm-line.ts';
import { lockedBins } from './npm-lock.ts';
import { kindAt, ownerOf } from './paths.ts';

const LOCKS = ['package-lock.json', 'npm-shrinkwrap.json'];

function lockFailure(call: Call, state: ImageState, at: string): Failure | undefined {
  const path = noneOf(state, at, LOCKS);
  // Without an own lock file npm may use that of a workspace root above.
  if (path === undefined || nearestWith(state, at, LOCKS) !== null) {
    const above = nearestWith(state, at, LOCKS);
    if (path === undefined || above === undefined) return undefined;
    const root = above === null ? undefined : readManifest(state, above);
    if (root === 'unknown' || (typeof root === 'object' && root.workspaces)) return undefined;
  }
  if (path === undefined) return undefined;
  return fileFailure(
    call,
    state,
    'lockfile-missing',
    path,
    `npm ci stops: there is no package-lock.json in ${at}`,
    'can only install with an existing package-lock.json',
  );
}

/** npm calls a project without a name after its folder; the root folder has none, and npm stops. With a name in package.json
 * it works (both measured with Node 18, 20 and 22 on 2026-11-21). */
function rootFailure(call: Call, state: ImageState, at: string): Failure | undefined {
  const manifest = at === '/' ? readManifest(state, at) : 'unknown';
  if (manifest === 'unknown' || (manifest !== 'absent' && manifest.name !== undefined)) return undefined;
  return {
    kind: 'workdir-is-root',
    at: call.at,
    subject: '/',
    text: 'npm stops in the root folder: no WORKDIR is set, and package.json has no name',
    because: [...call.cwd.because, ...state.tree.lookup('/package.json').because, call.reason],
    says: 'idealTree',
    detail: {},
  };
}

export function npmCleanInstall(call: Call, state: ImageState, line: Line, at: string): Outcome {
  const result = change(state, call.reason);
  const omit = omitsDev(call, line.flags, 'npm');
  const bins = omit === undefined ? undefined : lockedBins(state, joinPath(at, 'package-lock.json'), omit);
  const workspace = line.flags.some((flag) => /^(-w|--workspace|--workspaces|-ws)(=|$)/.test(flag));
  fillModules(result, call, at, workspace ? undefined : bins?.get(''), true);
  if (!workspace)
    for (const [folder, tools] of bins ?? [])
      if (folder !== '') fillModules(result, call, joinPath(at, folder), tools, true);
  const missing =
    lockFailure(call, state, at) ??
    rootFailure(call, state, at) ??
    staleLock(call, state, at, 'npm') ??
    lockHost(call, state, at, 'npm', omit, line.flags);
  const failures = missing ? [missing] : notWritable(call, state, at);
  const effects = [`installs node_modules in ${at}${omit ? ', without development dependencies' : ''}`];
  return failures.length > 0
    ? failed(state, failures, { repaired: result.state, effects })
    : succeeded(result.state, effects);
}

/** Tools that no package depends on: left out with the development dependencies, they are not there for another's sake. */
const NOBODYS = ['husky', 'simple-git-hooks', 'lefthook', 'lint-staged', 'nodemon', 'ts-node-dev'];

export function npmInstall(call: Call, state: ImageState, line: Line, at: string): Outcome {
  const result = change(state, call.reason);
  const omit = omitsDev(call, line.flags, 'npm');
  const failures: Failure[] = [];
  const named = line.names.length > 0;
  const nameless = rootFailure(call, state, at);
  if (nameless) {
    failures.push(nameless);
  } else if (
    !named &&
    readManifest(state, at) === 'absent' &&
    nearestWith(state, at, ['package.json', ...LOCKS]) === null
  ) {
    const path = joinPath(at, 'package.json');
    failures.push(
      fileFailure(
        call,
        state,
        'manifest-missing',
        path,
        `npm install stops: there is no package.json in ${at}`,
        'Could not read package.json',
      ),
    );
  } else {
    const lost = named ? undefined : lockHost(call, state, at, 'npm', omit, line.flags);
    failures.push(...(lost ? [lost] : notWritable(call, state, at)));
  }
  const locked = !named && omit !== undefined ? lockedBins(state, joinPath(at, 'package-lock.json'), omit) : undefined;
  // An install follows a lock file that fits its manifest; when it does not, more may come: nothing is closed.
  const fresh = kindAt(state, joinPath(at, 'node_modules')) === 'absent';
  const manifest = readManifest(state, at);
  const sure = fresh && omit === true && typeof manifest === 'object' && locked !== undefined;
  fillModules(result, call, at, sure ? locked.get('') : undefined, false);
  if (!sure && fresh && omit === true && !named && typeof manifest === 'object') {
    const left = NOBODYS.filter((tool) => manifest.devDependencies.has(tool) && !manifest.dependencies.has(tool));
    if (left.length > 0) result.fill(joinPath(at, 'node_modules/.bin'), 'npm installs tools in it', ownerOf(call));
    for (const tool of left) result.remove(joinPath(at, `node_modules/.bin/${tool}`));
  }
  if (!line.flags.includes('--no-package-lock') && !line.flags.includes('--no-save')) {
    result.write(joinPath(at, 'package-lock.json'), ownerOf(call));
    if (named) result.write(joinPath(at, 'package.json'), ownerOf(call));
  }
  const effects = [
    `installs ${named ? line.names.join(', ') : 'node_modules'} in ${at}${omit ? ', without development dependencies' : ''}`,
  ];
  return failures.length > 0
    ? failed(state, failures, { code: 254, repaired: result.state, effects })
    : succeeded(result.state, effects);
}
