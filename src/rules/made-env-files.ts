import { exampleOf } from '../compose/environment.ts';
import type { Reason } from '../facts/fact.ts';
import type { RepositoryNode } from '../model/types.ts';
import type { Repo } from '../repo/repo.ts';
import { secretName } from '../source/env-read.ts';
import { linePlace } from '../text/place.ts';

/** A file of variables that lies on the host of whoever follows the repository. */
export interface MadeEnvFile {
  /** Repository path. The file itself need not be there. */
  readonly path: string;
  /** Who needs it, or who says that it is made. */
  readonly because: Reason;
  /** Names of secrets in it. Undefined: neither it nor a template is there to tell. */
  readonly secrets: readonly string[] | undefined;
  /** Compose hands its variables to a service. */
  readonly handedOver: boolean;
}

const DOCUMENT = /(?:^|\/)(?:README[\w.-]*|Makefile|justfile|package\.json)$|\.(?:md|sh|mk)$/i;
const TEMPLATE = /(?:^|[._-])(?:example|sample|template|tmpl|dist|defaults?|test|tests|testing|ci)(?:$|[._-])/i;
const ENV_NAME = /^\.env(?:\.[\w-]+)*$|^[\w-]+\.env$/;
const PUBLIC = /^(?:VITE_|NEXT_PUBLIC_|REACT_APP_|PUBLIC_|NUXT_PUBLIC_|EXPO_PUBLIC_|GATSBY_)/;
const COPIED = /\b(?:cp|copy)\s+(?:-\w+\s+)?["']?([\w./-]+)["']?\s+["']?([\w./-]+)["']?/g;
const CREATED = /`(\.env(?:\.[\w-]+)*)`/g;
const GIVEN = /\bdocker[ -]compose\b[^\n;|&]*?--env-file[= ]["']?([\w./-]+)/g;

/** Env files that Compose reads (`env_file`, the project's `.env`, `--env-file`) and those that documents and scripts make of a template. */
export function madeEnvFiles({ repo, stacks }: RepositoryNode): readonly MadeEnvFile[] {
  const found = new Map<string, MadeEnvFile>();
  const add = (path: string, because: Reason, handedOver: boolean, template?: string, names?: readonly string[]) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (!ENV_NAME.test(name) || TEMPLATE.test(name) || found.has(path)) return;
    const told = secretsIn(repo, path, template) ?? (names === undefined || names.length === 0 ? undefined : names);
    found.set(path, { path, because, handedOver, secrets: told });
  };
  for (const { services } of stacks)
    for (const { compose } of services)
      for (const use of compose.envFiles) {
        const path = use.path.fact.known ? use.path.fact.value.path : undefined;
        const text = `${compose.name} reads its variables from ${path ?? ''}`;
        if (path !== undefined) add(path, { kind: 'compose', at: use.at, text }, true);
      }
  for (const { model } of stacks) {
    const path = model.projectDirectory === '' ? '.env' : `${model.projectDirectory}/.env`;
    const first = model.variables.find(({ uses }) => uses.length > 0);
    const made = exampleOf(repo, path) !== undefined || repo.entry(path) !== undefined;
    if (first?.uses[0] === undefined || !made) continue;
    const text = `Compose takes ${first.name} from ${path}`;
    const names = model.variables.map(({ name }) => name).filter(isSecret);
    add(path, { kind: 'compose', at: first.uses[0].at, text }, false, undefined, names);
  }
  for (const { path, because, template } of toldOf(repo)) add(path, because, false, template);
  return [...found.values()];
}

interface Told {
  readonly path: string;
  readonly because: Reason;
  readonly template?: string;
}

function toldOf(repo: Repo): readonly Told[] {
  return repo
    .files()
    .filter(
      (file) => DOCUMENT.test(file) && !/changelog|history/i.test(file) && (repo.entry(file)?.size ?? 0) < 300_000,
    )
    .flatMap((file) => {
      const text = repo.text(file) ?? '';
      if (!text.includes('env')) return [];
      const lines = text.split('\n');
      return lines.flatMap((line, index) => toldIn(repo, file, lines, line, index));
    });
}

function toldIn(repo: Repo, file: string, lines: readonly string[], line: string, index: number): readonly Told[] {
  const at = linePlace(file, index + 1);
  const own = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '';
  const entered = lines
    .slice(Math.max(0, index - 6), index + 1)
    .flatMap((l) => [...l.matchAll(/\bcd\s+([\w./-]+)/g)].map((m) => m[1] ?? ''))
    .at(-1);
  const bases = [...(entered === undefined ? [] : [entered]), own, ''].map((b) => b.replace(/^\.\/|\/$/g, ''));
  const join = (base: string, path: string) => `${base === '' ? '' : `${base}/`}${path.replace(/^\.\//, '')}`;
  const copies = [...line.matchAll(COPIED)].flatMap(([text, from = '', to = '']): readonly Told[] => {
    const base = bases.find((b) => repo.entry(join(b, from))?.type === 'file');
    if (base === undefined || !/env/i.test(from) || /\.\./.test(to)) return [];
    return [
      {
        path: join(base, to),
        template: join(base, from),
        because: { kind: 'source', at, text: `people are told: ${text}` },
      },
    ];
  });
  const given = [...line.matchAll(GIVEN)].flatMap(([, path = '']): readonly Told[] =>
    /\.\.|^\//.test(path)
      ? []
      : [{ path: join('', path), because: { kind: 'source', at, text: `Compose is called with --env-file ${path}` } }],
  );
  // A template beside it says that this folder is meant.
  const template = exampleOf(repo, join(own, '.env'));
  const created =
    template === undefined ||
    !/\b(?:create|make)\b/i.test(line) ||
    /\b(?:in|inside|under)\s+(?:the\s+)?[`*]?[\w-]+\//i.test(line)
      ? []
      : [...line.matchAll(CREATED)];
  const named = created.map(
    ([, path = '']): Told => ({
      path: join(own, path),
      because: { kind: 'source', at, text: `people are told to make ${path}` },
    }),
  );
  return [...copies, ...given, ...named];
}

/** Names of secrets, by the file itself or else its template. Undefined: there is neither. */
function secretsIn(repo: Repo, path: string, template: string | undefined): readonly string[] | undefined {
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : '';
  const texts = [path, template, exampleOf(repo, path), `${folder}.env.example`].flatMap((file) => {
    const text = file === undefined ? undefined : repo.text(file);
    return text === undefined ? [] : [text];
  });
  return texts[0] === undefined ? undefined : namesIn(texts[0]);
}

function namesIn(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const [, name = '', value = ''] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)$/.exec(line) ?? [];
    const login = /[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:[^\s/@]+@/i.test(value) && !PUBLIC.test(name);
    return isSecret(name) || login ? [name] : [];
  });
}

function isSecret(name: string): boolean {
  return secretName(name) && !PUBLIC.test(name);
}
