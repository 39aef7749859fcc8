import { joinRepoPath } from '../compose/repo-path.ts';
import { type Fact, known, type Reason, unknown } from '../facts/fact.ts';

/** A context that the builder fetches: a URL, a Git address, the standard input. */
export function isRemote(path: string): boolean {
  return path.includes('://') || /^(?:git@|github\.com\/)/.test(path) || path === '-';
}

/** Why a context is not known. */
export function contextWhy(context: string | undefined): string {
  return context !== undefined && isRemote(context)
    ? `the context ${context} is not a folder of the repository`
    : 'the context depends on what is not known here';
}

export function factOf(value: string | undefined, why: string, because: Reason): Fact<string> {
  return value === undefined ? unknown(why, because) : known(value, because);
}

export function facts(
  values: ReadonlyMap<string, string | undefined>,
  because: Reason,
): ReadonlyMap<string, Fact<string>> {
  return new Map(
    [...values].map(([name, value]) => [
      name,
      factOf(value, `${name} comes from the environment of the build`, because),
    ]),
  );
}

export function contextFacts(
  contexts: ReadonlyMap<string, string | undefined>,
  folder: string | undefined,
  because: Reason,
): ReadonlyMap<string, Fact<string>> {
  return new Map(
    [...contexts].map(([name, value]) => {
      const path =
        value === undefined || folder === undefined || /^[a-z-]+:/.test(value) || isRemote(value)
          ? undefined
          : joinRepoPath(folder, value);
      return [
        name,
        path === undefined
          ? unknown(`the context ${name} is no folder of the repository`, because)
          : known(path, because),
      ];
    }),
  );
}
