import { isRecord } from '../node/package-json.ts';

/** A package that the lock file has fetched from a host. */
export interface LockedUrl {
  readonly name: string;
  readonly host: string;
  readonly dev: boolean;
  /** 1-based line of the lock file. */
  readonly line: number;
}

/** Where package-lock.json (any version) says that packages lie. Optional ones are left out: npm does without them. */
export function npmUrls(lock: Readonly<Record<string, unknown>>, text: string): readonly LockedUrl[] {
  const out: LockedUrl[] = [];
  const visit = (entries: Record<string, unknown>): void => {
    for (const [key, entry] of Object.entries(entries)) {
      if (!isRecord(entry)) continue;
      const { resolved } = entry;
      const host = typeof resolved === 'string' ? hostOf(resolved) : undefined;
      if (host !== undefined && entry['optional'] !== true)
        out.push({
          name: key.replace(/^.*node_modules\//, ''),
          host,
          dev: entry['dev'] === true || entry['devOptional'] === true,
          line: lineOf(text, String(resolved)),
        });
      if (isRecord(entry['dependencies']) && !isRecord(lock['packages'])) visit(entry['dependencies']);
    }
  };
  const packages = lock['packages'];
  const old = lock['dependencies'];
  visit(isRecord(packages) ? packages : isRecord(old) ? old : {});
  return out;
}

/** The same for yarn.lock of yarn 1, which does not say what is for development. */
export function yarnUrls(text: string): readonly LockedUrl[] {
  return text.split('\n').flatMap((line, index): readonly LockedUrl[] => {
    const url = /^\s+resolved "([^"]+)"/.exec(line)?.[1];
    const host = url === undefined ? undefined : hostOf(url);
    return url === undefined || host === undefined
      ? []
      : [{ name: /^https?:\/\/[^/]+\/(.+?)\/-\//.exec(url)?.[1] ?? url, host, dev: false, line: index + 1 }];
  });
}

function hostOf(url: string): string | undefined {
  return /^https?:\/\/(?:[^/@]*@)?([^/]+)/.exec(url)?.[1];
}

function lineOf(text: string, part: string): number {
  const at = text.indexOf(part);
  return at < 0 ? 1 : text.slice(0, at).split('\n').length;
}
