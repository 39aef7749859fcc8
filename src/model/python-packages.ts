import { parse } from 'smol-toml';
import { type Fact, known, unknown } from '../facts/fact.ts';
import { normalName } from '../packages/python.ts';
import { distributionsOf } from '../packages/python-imports.ts';
import { broughtBy, needsDate } from '../packages/python-needs.ts';
import type { Step, Trace } from '../simulate/trace.ts';
import type { Place } from '../text/place.ts';
import { requirementsIn, textIn, wantedBy } from './python-requirements.ts';

/** Distributions of Python that the build of an image installs, in any of its stages. */
export interface InstalledPython {
  /** Normalised names, with all that they bring. */
  readonly names: ReadonlySet<string>;
  /** Version clauses of what is asked for by name, exact ones of lock files; several are joined. Empty: any version. */
  readonly clauses: ReadonlyMap<string, string>;
  /** `name[extra]`, one by one, of what is asked for with extras. */
  readonly extras: ReadonlySet<string>;
  /** The last install, for the chain of causes. */
  readonly at: Place | undefined;
}

/** Bases that bring no Python library but pip, setuptools and wheel. */
const PLAIN =
  /^(docker\.io\/)?(library\/)?(python|debian|ubuntu|alpine|node|nginx|caddy|golang|rust)([:@]|$)|^ghcr\.io\/astral-sh\/uv[:@]|^scratch$/;

/** Commands that may install what is not seen. */
const MAY_INSTALL =
  /\b(pip|pipx|poetry|uv|pdm|rye|hatch|conda|mamba|micromamba|easy_install|setup\.py|make|just|git|install|sync|ansible\S*)\b|\.sh\b/;

/** What is installed, where every install was read; `built`: of which image. */
export function installedPython(trace: Trace): Fact<InstalledPython> {
  const wanted = new Set<string>();
  const pinned = new Set<string>();
  const clauses = new Map<string, string>();
  const extras = new Set<string>();
  let at: Place | undefined;
  for (const stage of trace.stages) {
    if (stage.baseStage === undefined && !PLAIN.test(stage.baseName))
      return unknown(`what ${stage.baseName} brings of Python is not known`);
    for (const step of stage.steps) {
      if (step.keyword !== 'RUN') continue;
      const found = installBy(step);
      if (!found.known) return found;
      if (found.value === undefined) continue;
      at = step.at;
      for (const text of found.value.names) {
        (found.value.locked ? pinned : wanted).add(text);
        const [, name = '', wanting = '', clause = ''] = /^([\w.-]+)(?:\[([^\]]*)\])?\s*(.*)$/s.exec(text) ?? [];
        for (const extra of wanting.split(','))
          if (extra !== '') extras.add(`${normalName(name)}[${normalName(extra.trim())}]`);
        const before = clauses.get(normalName(name));
        clauses.set(normalName(name), before === undefined || before === clause ? clause : `${before},${clause}`);
      }
    }
  }
  const brought = broughtBy(wanted);
  if (brought.unknown.length > 0)
    return unknown(`what ${brought.unknown.slice(0, 3).join(', ')} requires is not known`);
  const fixed = [...pinned].map((text) => normalName(/^[\w.-]+/.exec(text)?.[0] ?? text));
  // A list of everything may have been added to since.
  return known({ names: new Set([...brought.names, ...fixed, ...broughtBy(pinned).names]), clauses, extras, at });
}

/** Distributions that would bring one of these modules, with the day the table is of; undefined where one of them is not listed. */
export function bringersOf(
  modules: readonly string[],
): { readonly names: readonly string[]; readonly date: string } | undefined {
  const lists = modules.map(distributionsOf);
  const names = lists.flatMap((list) => list ?? []);
  return lists.includes(undefined) ? undefined : { names, date: needsDate() };
}

interface Install {
  readonly names: readonly string[];
  /** Whole closure of a lock file. */
  readonly locked: boolean;
}

function installBy(step: Step): Fact<Install | undefined> {
  const words = step.argv;
  // The RUN as a whole has no words of its own; its commands come before it.
  if (words === undefined)
    return step.unmodelled === undefined ? known(undefined) : unknown('a command of the build is not known');
  const [path = '', ...rest] = words;
  const program = path.split('/').at(-1) ?? '';
  if (/^pip[\d.]*$/.test(program)) return byPip(step, rest);
  if (/^python[\d.]*$/.test(program) && rest[0] === '-m' && rest[1] === 'pip') return byPip(step, rest.slice(2));
  if (program === 'uv' && rest[0] === 'pip') return byPip(step, rest.slice(1));
  if (program === 'uv' && /^(tool|venv|lock|cache|python|version|--version|export)$/.test(rest[0] ?? ''))
    return known(undefined);
  if (program === 'uv' && rest[0] === 'sync') return byProject(step, 'uv.lock');
  if (program === 'poetry' && /^(config|lock|export|--version|check|self|cache)$/.test(rest[0] ?? ''))
    return known(undefined);
  if (program === 'poetry' && /^(install|sync)$/.test(rest[0] ?? '')) return byProject(step, 'poetry.lock');
  if (program === 'pipx') return known(undefined);
  if (/^(apt|apt-get|apk)$/.test(program))
    return rest.some((word) =>
      /^py(thon)?3-(?!venv|pip|dev|minimal|wheel|full|setuptools|distutils|pkg-resources)/.test(word),
    )
      ? unknown('packages of the distribution bring Python libraries')
      : known(undefined);
  if (/^(pip\S*|poetry|uv|pdm|rye|pipenv|conda|mamba|micromamba)$/.test(program))
    return unknown(`what ${program} ${rest[0] ?? ''} installs is not read`);
  return step.unmodelled !== undefined && MAY_INSTALL.test(words.join(' '))
    ? unknown(`${words.slice(0, 3).join(' ')} may install something`)
    : known(undefined);
}

/** Options of pip with a value that says nothing of what is installed. */
const VALUED =
  /^(-i|--index-url|--extra-index-url|--trusted-host|--timeout|--retries|--cache-dir|--default-timeout|--prefix|--target|-t|--python|-p|--root|--progress-bar|--no-binary|--only-binary|-w|--wheel-dir|--index-strategy|--platform|--python-version|--link-mode)$/;

function byPip(step: Step, words: readonly string[]): Fact<Install | undefined> {
  const verb = words.find((word) => !word.startsWith('-'));
  if (verb === undefined || !/^(install|wheel|sync|download)$/.test(verb))
    return verb === 'uninstall' ? unknown('pip uninstall is not followed') : known(undefined);
  const names: string[] = [];
  let locked = true;
  const rest = words.slice(words.indexOf(verb) + 1);
  for (let i = 0; i < rest.length; i++) {
    const word = rest[i] ?? '';
    const file = /^(?:-r|--requirements?)$/.test(word) ? rest[++i] : /^(?:-r|--requirements?=)(.+)$/.exec(word)?.[1];
    if (file !== undefined && /^(?:\.\/)?pyproject\.toml$/.test(file)) {
      // uv takes the dependencies of a project from it.
      const own = byProject(step, 'no lock');
      if (!own.known || own.value === undefined) return own;
      names.push(...own.value.names);
      locked = false;
    } else if (file !== undefined) {
      const found = requirementsIn(step, file);
      if (!found.known) return found;
      names.push(...found.value.names);
      locked &&= found.value.locked;
    } else if (word === '--no-deps' || word === '--no-index') {
      // Names as they are; what was collected before was counted then.
    } else if (/^(-f|--find-links)$/.test(word)) i++;
    else if (/^(-c|--constraint)/.test(word))
      return unknown('a file of constraints decides which versions are installed');
    else if (VALUED.test(word)) i++;
    else if (/^(-e|--editable)$/.test(word)) continue;
    else if (/^\.(\[[\w,-]+\])?$/.test(word)) {
      const own = byProject(step, 'no lock');
      if (!own.known || own.value === undefined) return own;
      names.push(...own.value.names);
      locked = false;
    } else if (word === '--group' || /^(\.|\/|file:|git\+|https?:)/.test(word)) {
      // Wheels that an earlier command of the same build put there.
      if (/\.whl$|\/(wheels?|wheelhouse|dist)\b/.test(word)) continue;
      return unknown(`what ${word} brings is not read`);
    } else if (word.startsWith('-')) continue;
    else {
      const match = /^([A-Za-z0-9][\w.-]*)(\[[^\]]*\])?(.*)$/.exec(word);
      if (match?.[1] === undefined || /[$*/]/.test(word)) return unknown(`${word} is not known`);
      names.push(...wantedBy(match[1], match[2] ?? '', match[3] ?? ''));
      locked = false;
    }
  }
  return known({ names, locked: locked && names.length > 0 });
}

/** An install that a project's lock file decides, or its manifest where there is none. All of its groups and extras count as installed. */
function byProject(step: Step, lock: string): Fact<Install | undefined> {
  const text = textIn(step, lock);
  const names = [...(text ?? '').matchAll(/^\[\[package\]\]\r?\nname = "([^"]+)"(?:\r?\nversion = "([^"]+)")?/gm)].map(
    (match) => `${match[1]}${match[2] === undefined ? '' : ` ==${match[2]}`}`,
  );
  if (names.length > 0) return known({ names, locked: true });
  const project = textIn(step, 'pyproject.toml');
  if (project === undefined) return unknown('the pyproject.toml of an install is not known');
  try {
    return manifestNames(parse(project.replace(/^\uFEFF/, '')));
  } catch (error) {
    if (error instanceof Error) return unknown('a pyproject.toml cannot be read');
    throw error;
  }
}

function manifestNames(data: Record<string, unknown>): Fact<Install> {
  const names: string[] = [];
  const table = (value: unknown): Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
  const list = (value: unknown) => {
    if (Array.isArray(value))
      for (const item of value) {
        const match = typeof item === 'string' ? /^([\w.-]+)\s*(\[[^\]]*\])?(.*)$/s.exec(item) : null;
        if (match?.[1] !== undefined) names.push(...wantedBy(match[1], match[2] ?? '', match[3] ?? ''));
      }
  };
  const project = table(data['project']);
  if (data['project'] === undefined && table(data['tool'])['poetry'] === undefined)
    return unknown('a pyproject.toml names no project');
  if (Array.isArray(project['dynamic']) && project['dynamic'].includes('dependencies'))
    return unknown('dependencies are computed');
  list(project['dependencies']);
  for (const group of [table(project['optional-dependencies']), table(data['dependency-groups'])])
    for (const items of Object.values(group)) list(items);
  const tool = table(data['tool']);
  list(table(tool['uv'])['dev-dependencies']);
  const poetry = table(tool['poetry']);
  const groups = Object.values(table(poetry['group'])).map((group) => table(group)['dependencies']);
  for (const entries of [poetry['dependencies'], poetry['dev-dependencies'], ...groups])
    for (const [name, value] of Object.entries(table(entries))) {
      const extras = table(value)['extras'];
      const clause = String(typeof value === 'string' ? value : (table(value)['version'] ?? ''));
      if (name !== 'python')
        names.push(...wantedBy(name, Array.isArray(extras) ? `[${extras.join(',')}]` : '', clause));
      if (table(value)['git'] !== undefined || table(value)['path'] !== undefined)
        return unknown(`what ${name} brings is not read`);
    }
  return known({ names, locked: false });
}
