import { knownValue } from '../../facts/fact.ts';
import { type Misfit, npmMisfits, pnpmMisfits, yarnMisfits } from '../../source/manifests/lock-fit.ts';
import type { Call, Failure } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { jsonAt } from './node-project.ts';
import { because, textAt } from './paths.ts';

/** The npm of these versions of Node installs without comparing. */
const NOT_COMPARED = /^(15\.|16\.(\d|1[0-4])\.)/;

/** Words of each installer's message. */
const SAYS = {
  npm: 'in sync',
  pnpm: 'ERR_PNPM_OUTDATED_LOCKFILE',
  yarn: 'lockfile needs to be updated',
  berry: 'YN0028',
};

/** The failure of an install that must not change its lock file, where that does not fit package.json. */
export function staleLock(
  call: Call,
  state: ImageState,
  at: string,
  manager: 'npm' | 'pnpm' | 'yarn' | 'berry',
): Failure | undefined {
  const file = joinPath(
    at,
    manager === 'npm' ? 'package-lock.json' : manager === 'pnpm' ? 'pnpm-lock.yaml' : 'yarn.lock',
  );
  const manifest = joinPath(at, 'package.json');
  const [first, ...more] = misfitsOf(state, manifest, file, manager);
  if (first === undefined) return undefined;
  const node = state.languages.get('node');
  if (manager === 'npm' && NOT_COMPARED.test((node && knownValue(node)) ?? '')) return undefined;
  const has = first.locked === undefined ? `does not have ${first.name}` : `has ${first.name} ${first.locked}`;
  const name = file.slice(file.lastIndexOf('/') + 1);
  const rest = more.length === 0 ? '' : `; ${more.length} more`;
  return {
    kind: 'lockfile-stale',
    at: call.at,
    subject: first.name,
    text: `${name} ${has}, and package.json asks for ${first.wanted}${rest}: ${call.name} stops`,
    because: [...because(state, manifest), ...because(state, file), call.reason],
    says: SAYS[manager],
    detail: { path: file, package: first.name },
  };
}

function misfitsOf(
  state: ImageState,
  manifest: string,
  file: string,
  manager: 'npm' | 'pnpm' | 'yarn' | 'berry',
): readonly Misfit[] {
  const data = jsonAt(state, manifest);
  const text = textAt(state, file);
  if (data === undefined || text === undefined) return [];
  if (manager === 'npm') {
    // npm prefers a shrinkwrap.
    const lock =
      textAt(state, file.replace('package-lock', 'npm-shrinkwrap')) === undefined ? jsonAt(state, file) : undefined;
    return lock === undefined ? [] : npmMisfits(data, lock);
  }
  return manager === 'pnpm' ? pnpmMisfits(textAt(state, manifest) ?? '', text) : yarnMisfits(data, text);
}
