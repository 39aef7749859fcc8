import type { Repo } from '../repo/repo.ts';
import type { EnvRead } from '../source/env-read.ts';
import { literally } from './speaks-of.ts';

/** Calls that send a request to, or hand requests on to, what stands among their first arguments. */
const CALL =
  '(?:\\bfetch|\\baxios(?:\\.\\w+)?|\\bgot(?:\\.\\w+)?|\\brequests\\.(?:get|post|put|patch|delete|request)|\\bhttpx\\.\\w+|\\b(?:\\w*[cC]lient|\\w*[sS]ession|http|httpService|\\w*[aA]xios\\w*)\\.(?:get|post|put|patch|delete|request|stream)|\\b(?:proxy|httpProxy|createProxyMiddleware|createProxy|proxyTo|proxyRequest|AsyncClient|Client|WebSocket))';
const KEY = '\\b(?:target|baseURL|base_url|proxyTarget|upstream)["\']?\\s*[:=]\\s*';
/** Words that name anything. */
const ANY = /^(?:url|uri|host|target|base_?url|default|value|address|name|port|api)$/i;
const CODE = /\.(?:[cm]?[jt]sx?|py)$/;
const ASIDE = /(?:^|\/)(?:node_modules|dist|build|tests?|__tests__|e2e|mocks?)\/|\.(?:test|spec)\.|(?:^|\/)test_/;

/** Whether the value of a variable is certainly where the code sends requests: not a link, not a list of origins. */
export function isAsked(repo: Repo, read: EnvRead): boolean {
  const line = repo.text(read.at.file)?.split('\n')[read.at.line - 1] ?? '';
  const before = line.slice(0, read.at.column - 1);
  const own = literally(read.name);
  const names = [`(?:process\\.env\\.|environ\\[["']|getenv\\(["']|environ\\.get\\(["'])${own}\\b`];
  const assigned =
    /(?:^|[\s.,{])([A-Za-z_$][\w$]*)\s*(?::\s*\w+\s*)?[=:]\s*(?:\(?\s*(?:process|os|env|config)\b.*)?$/.exec(
      before,
    )?.[1];
  for (const name of new Set([assigned ?? '', read.name, read.name.toLowerCase()]))
    if (name !== '' && name !== 'env')
      names.push(ANY.test(name) ? `\\.${literally(name)}\\b` : `\\b${literally(name)}\\b`);
  const used = askedFor(names);
  const folder = projectOf(repo, read.at.file);
  return repo
    .files()
    .filter((file) => file.startsWith(folder) && CODE.test(file) && !ASIDE.test(file.slice(folder.length)))
    .some((file) => (repo.entry(file)?.size ?? 0) < 400_000 && used.test(withoutComments(repo.text(file) ?? '')));
}

/** Matches code that sends a request to something, or hands requests on to it.
 * @param names expressions for what it is called */
export function askedFor(names: readonly string[]): RegExp {
  return new RegExp(`(?:${CALL}\\s*\\(\\s*[^();]{0,120}?|${KEY}[^,;\\n]{0,60}?)(?:${names.join('|')})`);
}

/** The folder, with its slash, of the package that a file belongs to. */
function projectOf(repo: Repo, file: string): string {
  for (let at = file; at.includes('/'); ) {
    at = at.slice(0, at.lastIndexOf('/'));
    if (['package.json', 'requirements.txt', 'pyproject.toml', 'Dockerfile'].some((n) => repo.entry(`${at}/${n}`)))
      return `${at}/`;
  }
  return '';
}

function withoutComments(text: string): string {
  return text.replace(/^\s*(?:\/\/|#|\*).*$/gm, '');
}
