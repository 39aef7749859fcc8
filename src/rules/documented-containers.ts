import type { Repo } from '../repo/repo.ts';
import { linePlace, type Place } from '../text/place.ts';

/** A `docker exec` and the like that a document, a Makefile or a script tells people to call, with the container it names. */
export interface DocumentedContainer {
  readonly at: Place;
  readonly name: string;
  readonly text: string;
}

/** What people and machines are told to call. Records of decisions and of changes tell of the past. */
const TELLS = /^(?:[^/]+|docs?\/[^/]+|[^/]+\/README\.md|(?:scripts?|bin|tools|deploy|deployment)\/[^/]+)$/;
const KINDS = /(?:^|\/)(?:README[\w.-]*|Makefile|justfile|package\.json)$|\.(?:md|sh|mk|ps1|bat)$/i;
const PAST = /changelog|history|\badr\b|migration|release|contribut|summary|report|plan|todo|notes|troubleshoot/i;
// As the first word of a command: `dev docker logs api` is a program of the repository's own.
const COMMAND =
  /(?<=^\s*|[`"'$>;&|(@:=-]\s*|\b(?:sudo|exec|then|do)\s+)docker\s+(?:container\s+)?(exec|logs|restart|stop|cp|top|attach)\s+((?:-{1,2}[\w-]+(?:=\S+)?\s+)*)([A-Za-z0-9][\w.-]*)(:|\s|$|`|")/g;
/** Options whose value is a word of its own: what stands there is no container. */
const VALUED =
  /(?:^|\s)(?:-e|--env|-u|--user|-w|--workdir|--tail|-n|--since|--until|-t|--time|-s|--signal|--env-file|--detach-keys)\s+$/;

/** Containers by name, in the order of the files; and every name that a `docker run` of the repository gives. */
export function documentedContainers(repo: Repo): {
  readonly asked: readonly DocumentedContainer[];
  readonly made: ReadonlySet<string>;
} {
  const asked: DocumentedContainer[] = [];
  const made = new Set<string>();
  for (const file of repo.files()) {
    if (
      (repo.entry(file)?.size ?? 0) > 300_000 ||
      !/\.(?:md|sh|mk|ps1|bat|ya?ml|json|txt)$|(?:^|\/)(?:Makefile|justfile|README[\w.-]*)$/.test(file)
    )
      continue;
    const text = repo.text(file) ?? '';
    if (!text.includes('docker')) continue;
    for (const match of text.matchAll(/--name[= ]["']?([\w.-]+)/g)) made.add(match[1] ?? '');
    if (TELLS.test(file) && KINDS.test(file) && !PAST.test(file)) asked.push(...askedIn(file, text));
  }
  return { asked, made };
}

function askedIn(file: string, text: string): readonly DocumentedContainer[] {
  const prose = /\.md$|README/i.test(file);
  let fenced = false;
  return text.split('\n').flatMap((line, index) => {
    if (/^\s*(?:```|~~~)/.test(line)) fenced = !fenced;
    if ((prose && !fenced && !line.includes('`')) || /^\s*(?:#|\/\/)/.test(line)) return [];
    return [...line.matchAll(COMMAND)].flatMap((match): DocumentedContainer[] => {
      const [whole, verb, options = '', name = '', end] = match;
      // docker cp FROM CONTAINER:TO, and options whose value would be taken for a name.
      if (VALUED.test(options) || (verb === 'cp' && end !== ':')) return [];
      return [{ at: linePlace(file, index + 1), name, text: whole.trim() }];
    });
  });
}
