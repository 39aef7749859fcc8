import { type IgnorePatterns, parseIgnore } from '../../dockerfile/ignore-file.ts';
import { joinPath, resolvePath } from '../../repo/link.ts';
import type { Repo } from '../../repo/repo.ts';

export interface IgnoreChoice {
  /** Undefined: there is no ignore file, everything is sent. */
  readonly ignore: IgnorePatterns | undefined;
  /** The `.dockerignore` of the context that the Dockerfile's own ignore file makes void. */
  readonly shadowed?: string;
}

/** `X.dockerignore` beside the Dockerfile `X` wins over the `.dockerignore` of the context, even when it is empty. */
export function chooseIgnoreFile(repo: Repo, contextDir: string, dockerfile: string): IgnoreChoice {
  const own = `${dockerfile}.dockerignore`;
  const general = contextDir === '' ? '.dockerignore' : `${contextDir}/.dockerignore`;
  const ownText = textOf(repo, own);
  const generalText = textOf(repo, general);
  if (ownText !== undefined) {
    const ignore = parseIgnore(ownText, own);
    return generalText === undefined ? { ignore } : { ignore, shadowed: general };
  }
  return { ignore: generalText === undefined ? undefined : parseIgnore(generalText, general) };
}

function textOf(repo: Repo, path: string): string | undefined {
  if (joinPath('', path) === undefined) return undefined;
  const resolved = resolvePath(repo, path);
  return resolved === undefined || repo.entry(resolved)?.type !== 'file' ? undefined : repo.text(resolved);
}
