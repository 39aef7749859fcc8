/** A small repository in one file, with what must be found in it.
 *
 * ```text
 * The lock file is left out by the ignore file.
 * at: Dockerfile:3
 * says: npm ci
 * run: build
 * compose: compose.yaml compose.prod.yaml
 * ask: http://web/assets/app.js x-frame-options
 * write: db psql -U postgres -c 'create table kept ()'
 * look: db psql -U postgres -c 'table kept'
 * -- Dockerfile --
 * FROM node:22-slim
 * -- run.sh mode=755 crlf --
 * ```
 *
 * Lines before the first `-- path --` are prose and `key: value` expectations; every section is a file. `mode=` sets the
 * permission bits, `crlf` turns line ends, `link=` makes a symlink, `tracked` says that git has it, `noeol` drops the last line end. */
export interface Case {
  readonly name: string;
  readonly kind: 'fails' | 'passes' | 'inconclusive';
  readonly prose: string;
  /** `file:line` of every finding that must be there, for failing cases. */
  readonly at: readonly string[];
  /** Part of the engine's own message: the case is also run for real. */
  readonly says?: string;
  /** What is run to hear it. `build` (default): the build must fail. `builds`: it must not, and the words are in its output.
   * `start`: the container must end. `healthy`: it must be unhealthy. `up`: it only has to say it.
   * `waits`: `up` does not come to an end. `config`: Compose's own merged
   * configuration says it. `refused`: Compose refuses the files. `ask`: a request inside the stack is answered so. `stop`: what is
   * left after `docker compose stop`. `lost`: what `write:` wrote is not there for `look:` after `down` and `up`. */
  readonly run: CaseRun;
  /** Compose files that are used together, in the order of `-f`. Empty: the one that Compose finds itself. */
  readonly compose: readonly string[];
  /** `run: ask`: the URL as a neighbour of the stack's services asks it, and the headers that are printed. */
  readonly ask?: { readonly url: string; readonly headers: readonly string[] };
  /** `run: lost`: what a shell in a service runs, before and after. */
  readonly write?: InService;
  readonly look?: InService;
  readonly files: ReadonlyMap<string, CaseFile>;
}

export interface InService {
  readonly service: string;
  readonly text: string;
}

export interface CaseFile {
  readonly text: string;
  readonly mode: number;
  readonly link?: string;
  /** Git has it. Undefined: not known. */
  readonly tracked?: boolean;
}

const RUNS = [
  'build',
  'builds',
  'start',
  'healthy',
  'up',
  'waits',
  'config',
  'refused',
  'ask',
  'stop',
  'lost',
] as const;

export type CaseRun = (typeof RUNS)[number];

function isRun(text: string): text is CaseRun {
  return (RUNS as readonly string[]).includes(text);
}

const SECTION = /^-- (.+?) --$/;

/** Reads a case. @throws Error when its name or content is not a case: a fault of its author. */
export function parseCase(fileName: string, text: string): Case {
  const kind = /^(fails|passes|inconclusive)\b/.exec(fileName)?.[1] as Case['kind'] | undefined;
  if (kind === undefined) throw new Error(`${fileName}: a case is called fails-…, passes-… or inconclusive-…`);
  const files = new Map<string, CaseFile>();
  const head: string[] = [];
  let open: { path: string; options: readonly string[]; lines: string[] } | undefined;
  const close = (): void => {
    if (open !== undefined) files.set(open.path, fileOf(open.options, open.lines));
  };
  for (const line of text.split('\n')) {
    const section = SECTION.exec(line)?.[1];
    if (section !== undefined) {
      close();
      const [path = '', ...options] = section.split(' ');
      open = { path, options, lines: [] };
    } else if (open === undefined) head.push(line);
    else open.lines.push(line);
  }
  close();
  const values = (key: string): readonly string[] =>
    head.filter((l) => l.startsWith(`${key}: `)).map((l) => l.slice(key.length + 2).trim());
  const says = values('says')[0];
  const run = values('run')[0] ?? 'build';
  if (!isRun(run)) throw new Error(`${fileName}: run: is one of ${RUNS.join(', ')}`);
  const words = (key: string): readonly string[] => (values(key)[0] ?? '').split(/\s+/).filter((word) => word !== '');
  const inService = (key: string): InService | undefined => {
    const [, service, text] = /^(\S+)\s+(\S.*)$/.exec(values(key)[0] ?? '') ?? [];
    return service === undefined || text === undefined ? undefined : { service, text };
  };
  const [url, ...headers] = words('ask');
  const [write, look] = [inService('write'), inService('look')];
  if ((run === 'ask') !== (url !== undefined)) throw new Error(`${fileName}: run: ask and ask: URL go together`);
  if ((run === 'lost') !== (write !== undefined && look !== undefined))
    throw new Error(`${fileName}: run: lost goes together with write: and look:, each a service and a command`);
  return {
    name: fileName.replace(/\.case$/, ''),
    kind,
    prose: head
      .filter((l) => !/^(at|says|run|compose|ask|write|look): /.test(l))
      .join('\n')
      .trim(),
    at: values('at'),
    ...(says === undefined ? {} : { says }),
    run,
    compose: words('compose'),
    ...(url === undefined ? {} : { ask: { url, headers } }),
    ...(write === undefined || look === undefined ? {} : { write, look }),
    files,
  };
}

function fileOf(options: readonly string[], lines: readonly string[]): CaseFile {
  const link = options.find((o) => o.startsWith('link='))?.slice(5);
  const mode = Number.parseInt(options.find((o) => o.startsWith('mode='))?.slice(5) ?? '644', 8);
  const body = lines.at(-1) === '' ? lines.slice(0, -1) : lines;
  const end = options.includes('crlf') ? '\r\n' : '\n';
  const text = body.length === 0 ? '' : body.join(end) + (options.includes('noeol') ? '' : end);
  const tracked = options.includes('tracked') ? { tracked: true } : {};
  return { text, mode, ...tracked, ...(link === undefined ? {} : { link }) };
}
