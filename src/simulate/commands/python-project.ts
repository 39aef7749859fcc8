import type { Call, Failure } from '../command-model.ts';
import type { ImageState } from '../state.ts';
import { fileFailure, noneOf } from './node-project.ts';

export const PROJECT_VALUED =
  /^(--with|--without|--only|--extras|-E|--directory|-C|--project|-P|--group|--extra|--no-group|--only-group|--python|-p|--index-url|--default-index|--index|--extra-index-url|--cache-dir|--link-mode|--format|-f|--output|-o|--output-file|--package|--no-install-package|--config-file|--no-extra|--refresh-package|--python-preference|--upgrade-package)$/;

/** Distributions that a lock file pins. */
export function lockedNames(text: string | undefined): readonly string[] {
  return [...(text ?? '').matchAll(/^\[\[package\]\]\s*\nname\s*=\s*"([^"]+)"/gm)].map((match) => match[1] ?? '');
}

export function lockFailures(
  call: Call,
  state: ImageState,
  at: string,
  lock: string,
  says: string,
): readonly Failure[] {
  const failures: Failure[] = [];
  const manifest = noneOf(state, at, ['pyproject.toml']);
  if (manifest !== undefined) {
    failures.push(
      fileFailure(
        call,
        state,
        'manifest-missing',
        manifest,
        `${call.name} stops: there is no pyproject.toml in ${at}`,
        'pyproject.toml',
      ),
    );
    return failures;
  }
  const missing = says === '' ? undefined : noneOf(state, at, [lock]);
  if (missing !== undefined) {
    failures.push(
      fileFailure(call, state, 'lockfile-missing', missing, `${call.name} stops: there is no ${lock} in ${at}`, says),
    );
  }
  return failures;
}

/** Poetry and uv look for pyproject.toml in the folders above too. */
export function projectFolder(state: ImageState, at: string): string {
  for (let folder = at; ; folder = folder.slice(0, folder.lastIndexOf('/')) || '/') {
    if (noneOf(state, folder, ['pyproject.toml']) === undefined) return folder;
    if (folder === '/') return at;
  }
}

export function variable(call: Call, name: string): string | undefined {
  const value = call.env.get(name);
  return value?.known ? value.value : undefined;
}
