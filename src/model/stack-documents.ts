import type { Reason } from '../facts/fact.ts';
import type { Repo } from '../repo/repo.ts';
import { linePlace, type Place } from '../text/place.ts';

/** A place of a document that tells people to start a stack. */
export interface DocumentedStart {
  readonly at: Place;
  /** The headings above it, outermost first, then the line. */
  readonly context: string;
}

const STARTS = /\bdocker[- ]compose\b[^\n]*\bup\b/;
const PRODUCTION = /\bprod(?:uction)?\b|\bdeploy(?:ing|ment)?\b|\bself[- ]host/i;
const DEVELOPMENT = /\bdev(?:elop(?:ment|ing|ers?)?)?\b|\blocal(?:ly)?\b|\bcontribut|\btest(?:s|ing)?\b/i;

const STARTED = new WeakMap<Repo, readonly DocumentedStart[]>();

/** Where READMEs and documents say how a stack is started, with the headings it stands under. */
export function startsOf(repo: Repo): readonly DocumentedStart[] {
  const before = STARTED.get(repo);
  if (before !== undefined) return before;
  const found = repo
    .files()
    .filter(
      (file) =>
        /^(?:[^/]+|docs?\/.+)\.(?:md|rst|txt)$|^README$/i.test(file) && !/changelog|history|contribut/i.test(file),
    )
    .slice(0, 200)
    .flatMap((file) => startsIn(file, (repo.entry(file)?.size ?? 0) < 300_000 ? (repo.text(file) ?? '') : ''));
  STARTED.set(repo, found);
  return found;
}

function startsIn(file: string, text: string): readonly DocumentedStart[] {
  if (!STARTS.test(text)) return [];
  const found: DocumentedStart[] = [];
  const headings: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const [, marks, title] = /^(#{1,6})\s+(.*)$/.exec(line) ?? [];
    if (marks !== undefined && title !== undefined && !STARTS.test(line)) {
      headings.length = Math.max(0, marks.length - 1);
      headings[marks.length - 1] = title;
    } else if (STARTS.test(line)) {
      // The title of the document says what the project is, not what this section is for.
      found.push({ at: linePlace(file, index + 1), context: headings.slice(1).join(' / ') });
    }
  }
  return found;
}

/** What documents say that a start is for. */
export function documentedAs(
  starts: readonly DocumentedStart[],
  purpose: 'production' | 'development',
): readonly Reason[] {
  const found = starts.find(({ context }) => (purpose === 'production' ? PRODUCTION : DEVELOPMENT).test(context));
  if (found === undefined) return [];
  return [{ kind: 'source', at: found.at, text: `${found.at.file} starts it under "${found.context.slice(0, 60)}"` }];
}

/** The comment at the head of a file, before anything else. */
export function leadingComment(repo: Repo, file: string): { readonly at: Place; readonly text: string } | undefined {
  const lines = (repo.text(file) ?? '').split('\n', 12);
  const end = lines.findIndex(
    (line) => line.trim() !== '' && !line.trimStart().startsWith('#') && line.trim() !== '---',
  );
  const said = lines
    .slice(0, end === -1 ? lines.length : end)
    .flatMap((line) => /^\s*#+\s*(.*\w.*)$/.exec(line)?.[1] ?? []);
  return said.length === 0 ? undefined : { at: linePlace(file, 1), text: said.join(' ') };
}

/** Manifests of another platform: the compose file is what developers use beside it. */
export function deployedOtherwise(repo: Repo): boolean {
  return repo
    .files()
    .some((file) =>
      /(?:^|\/)(?:kustomization\.ya?ml|Chart\.yaml|fly\.toml|render\.yaml|railway\.(?:toml|json)|app\.yaml|Procfile|vercel\.json|netlify\.toml|skaffold\.yaml|serverless\.ya?ml)$|(?:^|\/)(?:k8s|kubernetes|helm|charts)\/.+\.ya?ml$|\.tf$/.test(
        file,
      ),
    );
}

/** A sample that is published for others to copy says so in its name or at its head. */
export function heldOut(repo: Repo): boolean {
  const readme = repo.files().find((file) => /^readme(?:\.\w+)?$/i.test(file));
  const head = readme === undefined ? '' : (repo.text(readme) ?? '').slice(0, 300);
  return /\b(?:sample|demo|example|tutorial|workshop|exercise)\b/i.test(head) && !/production/i.test(head);
}
