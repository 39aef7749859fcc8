import type { Page } from '../model/page.ts';
import type { Repo } from '../repo/repo.ts';
import { LineIndex } from '../text/line-index.ts';
import type { Place } from '../text/place.ts';

/** A request that the code of a page makes to the server it came from. */
export interface PageRequest {
  /** Without query; of a template only what stands before its first variable. */
  readonly path: string;
  /** False: more follows that is computed. */
  readonly whole: boolean;
  readonly at: Place;
  readonly text: string;
}

const SOURCE = /\.(?:[cm]?[jt]sx?|vue|svelte)$/;
const ASIDE =
  /(?:^|\/)(?:node_modules|dist|build|coverage|tests?|__tests__|mocks?|__mocks__|e2e|cypress|server|stories|public)\/|\.(?:test|spec|stories|config|d)\.|(?:^|\/)(?:sw|service-worker|setupProxy|server)\./;
/** Something gives requests a server of their own. */
const BASED =
  /baseURL|axios\.defaults|interceptors|globalThis\.fetch\s*=|window\.fetch\s*=|fetchMock|setupWorker|<base\b/;
const FETCH = /(?<![.\w])(?:window\.)?fetch\(\s*(['"`])(\/[^'"`\n]*)\1/g;
const AXIOS = /(?<![.\w])axios(?:\.(?:get|post|put|patch|delete))?(?:<[^>()]*>)?\(\s*(['"`])(\/[^'"`\n]*)\1/g;

/** Requests with a path that is written out, in the order of the files. Those of a client that may have another base are left out. */
export function pageRequests(repo: Repo, page: Page): readonly PageRequest[] {
  const below = page.root === '' ? '' : `${page.root}/`;
  const files = repo
    .files()
    .filter((file) => file.startsWith(below) && SOURCE.test(file) && !ASIDE.test(file.slice(below.length)));
  const texts = files.flatMap((file) => {
    const text = (repo.entry(file)?.size ?? 0) < 400_000 ? (repo.text(file) ?? '') : '';
    return text.includes('fetch(') || text.includes('axios') || BASED.test(text) ? [{ file, text }] : [];
  });
  const based = texts.some(({ text }) => BASED.test(text));
  return texts.flatMap(({ file, text }) => {
    if (/window\.fetch\s*=|globalThis\.fetch\s*=|setupWorker/.test(text)) return [];
    const lines = new LineIndex(text);
    return [...text.matchAll(FETCH), ...(based ? [] : text.matchAll(AXIOS))].flatMap((match): PageRequest[] => {
      const said = match[2] ?? '';
      const cut = said.search(/\$\{|\?|#/);
      const path = cut === -1 ? said : said.slice(0, cut);
      const commented = /^\s*(?:\/\/|\*)/.test(text.slice(text.lastIndexOf('\n', match.index) + 1, match.index));
      // Files of the page itself are no requests to an application.
      if (commented || path.startsWith('//') || /\.\w{2,5}$/.test(path) || path.length < 3) return [];
      const at = lines.place(file, { start: match.index, end: match.index + match[0].length });
      return [{ path, whole: cut === -1 || said[cut] !== '$', at, text: match[0].replace(/\s+/g, ' ') }];
    });
  });
}
