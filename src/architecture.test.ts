import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { importsOf } from './testing/module-imports.ts';

const src = dirname(fileURLToPath(import.meta.url));
const project = dirname(src);

const READERS = ['dockerfile', 'shell', 'compose', 'nginx', 'kubernetes', 'prometheus', 'workflows'];
const BELOW_READERS = ['text', 'facts', 'repo'];
const KNOWLEDGE = ['images', 'packages', 'servers'];
const BELOW_MODEL = [...BELOW_READERS, ...READERS, 'source', ...KNOWLEDGE, 'simulate', 'targets'];
const BELOW_RULES = [...BELOW_MODEL, 'model'];
const BELOW_PROVE = [...BELOW_RULES, 'rules', 'plan', 'refit', 'engine', 'ledger', 'measure'];
const BELOW_REPORT = [...BELOW_PROVE, 'prove', 'replay'];

/** What each folder may import besides itself. Data flows one way (docs: design, chapter 3); there is no cycle in here. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  text: [],
  facts: ['text'],
  dockerfile: ['text', 'facts'],
  shell: ['text', 'facts'],
  // the ignore matcher is a pure function of the Dockerfile folder
  repo: ['text', 'facts', 'dockerfile'],
  compose: [...BELOW_READERS, 'shell'],
  nginx: BELOW_READERS,
  kubernetes: BELOW_READERS,
  prometheus: BELOW_READERS,
  workflows: [...BELOW_READERS, 'shell'],
  source: [...BELOW_READERS, 'shell'],
  images: BELOW_READERS,
  packages: BELOW_READERS,
  servers: BELOW_READERS,
  simulate: [...BELOW_READERS, 'dockerfile', 'shell', 'source', ...KNOWLEDGE],
  targets: [...BELOW_READERS, ...READERS, 'source'],
  model: BELOW_MODEL,
  // the model and the types of its nodes; neither tables nor an engine
  rules: ['text', 'facts', 'model', 'dockerfile', 'shell', 'compose', 'nginx', 'source', 'simulate', 'repo'],
  plan: [...BELOW_RULES, 'rules'],
  refit: [...BELOW_RULES, 'rules', 'plan'],
  engine: ['text', 'facts', 'repo'],
  ledger: ['text', 'facts', 'repo', 'engine'],
  measure: ['text', 'facts', 'repo', 'engine', 'ledger'],
  prove: BELOW_PROVE,
  replay: BELOW_PROVE,
  report: BELOW_REPORT,
  config: BELOW_REPORT,
  cli: [...BELOW_REPORT, 'report', 'config'],
  testing: [...BELOW_REPORT, 'report', 'config'],
};

/** Where the outside world is; the middle is pure. */
const MAY_USE_NODE = new Set(['repo', 'engine', 'ledger', 'config', 'cli', 'testing']);
/** The published entries are the only files that hand on what others define. */
const ENTRIES = new Set(['index.ts', 'testing/index.ts']);
const LONGEST_FILE = 250;

interface Module {
  /** Relative to src, with slashes. */
  readonly path: string;
  readonly folder: string;
  readonly text: string;
}

function filesBelow(folder: string, matches: RegExp): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => matches.test(path) && !path.includes('node_modules'))
    .map((path) => path.replaceAll('\\', '/'))
    .sort();
}

const modules: readonly Module[] = filesBelow(src, /\.ts$/)
  .filter((path) => !path.includes('/cases/'))
  .map((path) => {
    const slash = path.indexOf('/');
    return { path, folder: slash < 0 ? '' : path.slice(0, slash), text: readFileSync(join(src, path), 'utf8') };
  });
const shipped = modules.filter(({ path }) => !path.endsWith('.test.ts'));
const imports = new Map(shipped.map(({ path, text }) => [path, importsOf(text)]));
const isGenerated = (path: string) => path.includes('.generated.') || path.includes('/generated/');

/** `src/…:line` and what is wrong there, for every import of every shipped module that `judge` objects to. */
function objections(judge: (module: Module, specifier: string, target: string | undefined) => string | undefined) {
  return shipped.flatMap((module) =>
    (imports.get(module.path) ?? []).flatMap(({ specifier, line }) => {
      const target = specifier.startsWith('.') ? posix.join(posix.dirname(module.path), specifier) : undefined;
      const objection = judge(module, specifier, target);
      return objection === undefined ? [] : [`src/${module.path}:${line} ${objection}`];
    }),
  );
}

const folderOf = (target: string) => (target.includes('/') ? target.slice(0, target.indexOf('/')) : '');
/** `rules/CONSEQUENCE/ID` of a file of one rule; undefined for what all rules share. */
const ruleOf = (path: string) => /^rules\/[^/]+\/[^/]+(?=\/)/.exec(path)?.[0];

describe('the architecture', () => {
  it('gives every folder of src a row in the table of allowed imports', () => {
    const folders = new Set(shipped.map(({ folder }) => folder).filter((folder) => folder !== ''));
    expect([...folders].filter((folder) => ALLOWED[folder] === undefined)).toEqual([]);
  });

  it('lets no folder reach itself through the table', () => {
    const reach = (folder: string, seen: ReadonlySet<string>): boolean =>
      seen.has(folder) || (ALLOWED[folder] ?? []).some((next) => reach(next, new Set([...seen, folder])));
    expect(Object.keys(ALLOWED).filter((folder) => reach(folder, new Set()))).toEqual([]);
  });

  it('lets imports go one way, from cli up to text', () => {
    expect(
      objections(({ folder }, _, target) => {
        if (target === undefined || folder === '') return undefined;
        const to = folderOf(target);
        if (target.startsWith('..')) return `${folder} imports from outside src (${target})`;
        return to === folder || ALLOWED[folder]?.includes(to) ? undefined : `${folder} may not import ${to}`;
      }),
    ).toEqual([]);
  });

  it('keeps node out of the pure middle', () => {
    expect(
      objections(({ folder }, specifier) =>
        specifier.startsWith('node:') && !MAY_USE_NODE.has(folder) ? `${folder} may not use ${specifier}` : undefined,
      ),
    ).toEqual([]);
  });

  it('keeps the disk out of everything from the readers to refit', () => {
    const pure = new Set([...BELOW_RULES, 'rules', 'plan', 'refit'].filter((folder) => !MAY_USE_NODE.has(folder)));
    // hashing and paths are pure, and `repo` may use node for them
    const outside = /^node:(?!crypto$|path$|url$|util$)/;
    const touchesDisk = (path: string) => imports.get(path)?.some(({ specifier }) => outside.test(specifier));
    expect(
      objections(({ folder }, _, target) =>
        target !== undefined && pure.has(folder) && touchesDisk(target) ? `${folder} does I/O by ${target}` : undefined,
      ),
    ).toEqual([]);
  });

  it('lets no rule know another', () => {
    expect(
      objections(({ path }, _, target) => {
        const [rule, other] = [ruleOf(path), target === undefined ? undefined : ruleOf(target)];
        return rule === undefined || other === undefined || rule === other ? undefined : `${rule} imports ${other}`;
      }),
    ).toEqual([]);
  });

  it('names modules with their extension', () => {
    expect(
      objections((_, specifier, target) =>
        target !== undefined && !/\.(ts|txt|json)$/.test(target) ? `${specifier} lacks .ts` : undefined,
      ),
    ).toEqual([]);
  });

  it('hands on what others define only in the published entries', () => {
    const barrels = shipped.filter(
      ({ path }) => !ENTRIES.has(path) && imports.get(path)?.some(({ reExport }) => reExport),
    );
    expect(barrels.map(({ path }) => path)).toEqual([]);
  });

  it('keeps files short enough to have one idea each', () => {
    const lines = (text: string) => text.trimEnd().split('\n').length;
    const long = shipped.filter(({ path, text }) => !isGenerated(path) && lines(text) > LONGEST_FILE);
    expect(long.map(({ path, text }) => `${path}: ${lines(text)} lines`)).toEqual([]);
  });

  it('names files after what is in them', () => {
    // a package manager is a thing of the field, not a name for want of a better one
    const vague = /(^|[/.-])(utils?|helpers?|(?<!package-|node-)managers?|misc|common)(?=[/.-])/i;
    expect(modules.map(({ path }) => path).filter((path) => vague.test(path))).toEqual([]);
    const named = modules.filter(({ text }) =>
      /\b(class|interface|type|function) \w*((?<!Package)Manager|Helper|Util)s?\b/.test(text),
    );
    expect(named.map(({ path }) => path).filter((path) => path !== 'architecture.test.ts')).toEqual([]);
  });

  it('runs every test file: those of src beside their source, those of e2e by their name', () => {
    const e2e = filesBelow(join(project, 'e2e'), /\.test\.[cm]?[jt]s$/).filter(
      (path) => !path.endsWith('.e2e.test.ts'),
    );
    expect(e2e.map((path) => relative(project, join(project, 'e2e', path)))).toEqual([]);
    const inSource = filesBelow(src, /\.(e2e\.test|spec)\.[cm]?[jt]s$|\.test\.[cm]js$/);
    expect(inSource).toEqual([]);
  });
});
