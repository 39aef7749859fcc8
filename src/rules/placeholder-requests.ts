import type { Page } from '../model/page.ts';
import type { Repo } from '../repo/repo.ts';
import { LineIndex } from '../text/line-index.ts';
import type { Place } from '../text/place.ts';
import { askedFor } from './asked-address.ts';
import { literally } from './speaks-of.ts';

/** A request of a page to an address that somebody was meant to replace. */
export interface PlaceholderRequest {
  readonly url: string;
  readonly host: string;
  readonly at: Place;
  /** The build-time variable whose default it is. */
  readonly fallbackOf?: string;
  /** The condition under which it is taken; undefined: none, or one that holds in production. */
  readonly condition?: string;
}

const SOURCE = /\.(?:[cm]?[jt]sx?|vue|svelte)$/;
const ASIDE =
  /(?:^|\/)(?:node_modules|dist|build|coverage|tests?|__tests__|mocks?|__mocks__|e2e|cypress|server|stories|public|docs?|examples?)\/|\.(?:test|spec|stories|config|d)\.|(?:^|\/)(?:sw|service-worker|setupProxy|server)\./;
const LITERAL = /(['"`])((?:https?|wss?):\/\/(<[^<>'"`\n]+>|[A-Za-z0-9_.-]+)(?::\d+)?(?:\/[^'"`\n]*)?)\1/g;
/** Names of RFC 2606, and words that stand for a name. */
const PLACEHOLDER =
  /^<.+>$|(?:^|\.)example\.(?:com|org|net|edu)$|\.(?:example|invalid)$|(?:^|\.)your[-_]|(?:^|\.)your(?:domain|site|website|app|api|company|server|backend|host|project)\b|(?:^|\.)my[-_]?(?:domain|website)\.|(?:^|\.)change[-_]?me\b/i;

/** Requests of the code of a page to placeholders, in the order of the files. Links and texts are left out. */
export function placeholderRequests(repo: Repo, page: Page): readonly PlaceholderRequest[] {
  const below = page.root === '' ? '' : `${page.root}/`;
  const texts = repo
    .files()
    .filter((file) => file.startsWith(below) && SOURCE.test(file) && !ASIDE.test(file.slice(below.length)))
    .map((file) => ({ file, text: (repo.entry(file)?.size ?? 0) < 400_000 ? (repo.text(file) ?? '') : '' }));
  return texts.flatMap(({ file, text }) => {
    if (!/https?:\/\/|wss?:\/\//.test(text)) return [];
    const lines = new LineIndex(text);
    return [...text.matchAll(LITERAL)].flatMap((match): PlaceholderRequest[] => {
      const [, , url = '', host = ''] = match;
      const line = text.slice(text.lastIndexOf('\n', match.index) + 1, match.index);
      if (!PLACEHOLDER.test(host) || /^\s*(?:\/\/|\*|\/\*)|\/\/[^'"`]*$/.test(line)) return [];
      const statement = statementBefore(text, match.index);
      if (!isRequest(texts, file, text, statement, match[0]) || !isImported(texts, file)) return [];
      const fallbackOf = /(?:import\.meta\.env|process\.env)\.(\w+)\s*(?:\|\||\?\?)\s*$/.exec(statement)?.[1];
      const condition = fallbackOf === undefined ? conditionOf(statement) : undefined;
      const at = lines.place(file, { start: match.index, end: match.index + match[0].length });
      return [
        {
          url,
          host,
          at,
          ...(fallbackOf === undefined ? {} : { fallbackOf }),
          ...(condition === undefined ? {} : { condition }),
        },
      ];
    });
  });
}

interface Source {
  readonly file: string;
  readonly text: string;
}

/** What stands before a place since the last statement began. */
function statementBefore(text: string, offset: number): string {
  const before = text.slice(Math.max(0, offset - 300), offset);
  const start = Math.max(before.lastIndexOf(';'), before.search(/\n\s*(?:export\s+)?(?:const|let|var)\s[^;]*$/));
  return before.slice(start + 1);
}

function isRequest(texts: readonly Source[], file: string, text: string, statement: string, literal: string): boolean {
  if (askedFor([literally(literal)]).test(`${statement}${literal}`)) return true;
  const [, exported, name] = /\b(export\s+)?(?:const|let|var)\s+(\w+)\s*(?::\s*\w+\s*)?=[^;]*$/.exec(statement) ?? [];
  if (name === undefined) return false;
  const named = `\\b${literally(name)}\\b`;
  const used = askedFor([named]);
  const short = /[{,]\s*baseURL\s*[,}]/;
  const uses = (source: string): boolean => used.test(source) || (name === 'baseURL' && short.test(source));
  if (uses(text)) return true;
  const shared = exported !== undefined || new RegExp(`export\\s+(?:default\\s+${named}|\\{[^}]*${named})`).test(text);
  return (
    shared &&
    texts.some((other) => other.file !== file && new RegExp(`import[^;]*${named}`).test(other.text) && uses(other.text))
  );
}

/** Something imports the file by its name, or it is where the page begins. */
function isImported(texts: readonly Source[], file: string): boolean {
  const stem = (file.split('/').pop() ?? '').replace(/\.\w+$/, '');
  if (/^(?:main|index|app)$/i.test(stem)) return true;
  const named = new RegExp(`(?:from|import|require)\\s*\\(?\\s*['"][^'"]*/${literally(stem)}(?:\\.\\w+)?['"]`);
  return texts.some((other) => other.file !== file && named.test(other.text));
}

/** The test before a `?` or the `:` of it; undefined where the branch is the one for production. */
function conditionOf(statement: string): string | undefined {
  const [, test, other] =
    /(?:=|\(|return|:)\s*([^=;?]*(?:===?|!==?)?[^;?]*)\?(?![.?])([^?]*:)?\s*$/.exec(statement) ?? [];
  if (test === undefined) return /\b(?:if|else|case)\b[^;]*$/.test(statement) ? 'a condition' : undefined;
  const production = /prod/i.test(test) && !/!==?|!\s*\w/.test(test);
  const development = /dev|local/i.test(test) && !/!==?|!\s*\w/.test(test);
  return (other === undefined ? production : development) ? undefined : test.trim().slice(0, 60);
}
