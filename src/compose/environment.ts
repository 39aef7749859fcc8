import type { Reason } from '../facts/fact.ts';
import type { Repo } from '../repo/repo.ts';
import type { Place } from '../text/place.ts';
import { readDotenv } from './dotenv.ts';
import { interpolate, type Resolver, type VariableUse } from './interpolate.ts';
import type { ComposeProblem } from './problem.ts';
import { folderOf } from './repo-path.ts';
import { unknownPart } from './unknown-text.ts';

/** One variable that the compose files use, with every place. */
export interface ComposeVariable {
  readonly name: string;
  readonly uses: readonly (VariableUse & { readonly at: Place; readonly source?: EnvironmentSource })[];
  /** Some use fails without a value (`?`, `:?`). */
  readonly required: boolean;
  /** The value in force; undefined: nothing sets it. */
  readonly value?: string;
  readonly setBy?: Reason;
  /** What the example beside a missing env file says. */
  readonly example?: { readonly at: Place; readonly value: string };
}

export interface EnvironmentSource {
  readonly value: string;
  readonly reason: Reason;
}

/** The variables that a compose file is interpolated with: the caller's environment, then env files; and the examples of missing ones. */
export class ComposeEnvironment {
  readonly values: ReadonlyMap<string, EnvironmentSource>;
  readonly examples: ReadonlyMap<string, { at: Place; value: string }>;
  /** Env files that are read when they exist but are kept out of the repository, each with the sign of it. */
  readonly missingByDesign: readonly { readonly file: string; readonly sign: string }[];
  readonly #uses = new Map<string, (VariableUse & { at: Place; source?: EnvironmentSource })[]>();

  constructor(
    values: ReadonlyMap<string, EnvironmentSource>,
    examples: ReadonlyMap<string, { at: Place; value: string }>,
    missing: readonly { readonly file: string; readonly sign: string }[],
    uses?: Map<string, (VariableUse & { at: Place; source?: EnvironmentSource })[]>,
  ) {
    this.values = values;
    this.examples = examples;
    this.missingByDesign = missing;
    if (uses !== undefined) this.#uses = uses;
  }

  /** The environment of an included project: this one, then the include's own env files. Uses are recorded together. */
  extended(values: ReadonlyMap<string, EnvironmentSource>): ComposeEnvironment {
    const joined = new Map([...values, ...this.values]);
    return new ComposeEnvironment(joined, this.examples, this.missingByDesign, this.#uses);
  }

  lookup(name: string): string | undefined {
    return this.values.get(name)?.value;
  }

  /** Replaces the variables of a text. @throws TemplateError */
  expand(text: string, at: Place): { text: string; because: readonly Reason[] } {
    const because: Reason[] = [];
    const resolve: Resolver = (use, _at, operand) => {
      const { text: value, reason } = this.#resolve(use, at, operand);
      if (reason !== undefined) because.push(reason);
      return value;
    };
    return { text: interpolate(text, at, resolve), because };
  }

  #resolve(use: VariableUse, at: Place, operand: () => string): { text: string; reason?: Reason } {
    const known = this.#uses.get(use.name) ?? [];
    const source = this.values.get(use.name);
    known.push(source === undefined ? { ...use, at } : { ...use, at, source });
    this.#uses.set(use.name, known);
    const set = source !== undefined && (!use.operator.startsWith(':') || source.value !== '');
    if (set) return { text: use.operator.endsWith('+') ? operand() : source.value, reason: source.reason };
    const example = this.examples.get(use.name);
    if (use.operator.endsWith('-') || use.operator.endsWith('+')) {
      const text = use.operator.endsWith('+') ? '' : operand();
      if (example !== undefined && example.value !== '' && example.value !== text) {
        const reason: Reason = { kind: 'compose', at: example.at, text: `the example sets ${use.name}` };
        return { text: unknownPart('disputed', use.name), reason };
      }
      return { text, reason: { kind: 'default', at, text: `${use.name} is not set: the default holds` } };
    }
    if (use.operator.endsWith('?')) {
      return { text: unknownPart(this.missingByDesign.length > 0 ? 'by-design' : 'required', use.name) };
    }
    // Set but empty, without an operator, is a known empty text and was answered above.
    return { text: unknownPart(this.missingByDesign.length > 0 ? 'by-design' : 'unset', use.name) };
  }

  /** Every variable met so far, by name. */
  variables(): readonly ComposeVariable[] {
    return [...this.#uses.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, uses]) => {
        // An included project has env files of its own: every use must be served.
        const source = uses.every((use) => use.source !== undefined) ? uses[0]?.source : this.values.get(name);
        const example = this.examples.get(name);
        return {
          name,
          uses,
          required: uses.some((use) => use.operator.endsWith('?')),
          ...(source === undefined ? {} : { value: source.value, setBy: source.reason }),
          ...(example === undefined ? {} : { example }),
        };
      });
  }
}

export interface EnvironmentFiles {
  readonly values: ReadonlyMap<string, EnvironmentSource>;
  readonly problems: readonly ComposeProblem[];
}

/** Reads env files in order: later ones win, `outer` (the shell) wins over all. */
export function readEnvFiles(
  repo: Repo,
  files: readonly string[],
  outer: ReadonlyMap<string, EnvironmentSource>,
): EnvironmentFiles {
  const values = new Map<string, EnvironmentSource>();
  const problems: ComposeProblem[] = [];
  for (const file of files) {
    const text = repo.text(file);
    if (text === undefined) continue;
    const read = readDotenv(file, text, (name) => outer.get(name)?.value ?? values.get(name)?.value);
    for (const entry of read.entries.values()) {
      if (entry.value === undefined || outer.has(entry.name)) continue;
      values.set(entry.name, {
        value: entry.value,
        reason: { kind: 'compose', at: entry.at, text: `${entry.name} is set in ${file}` },
      });
    }
    if (read.error !== undefined) problems.push({ kind: 'env-file', effect: 'refused', ...read.error });
  }
  return { values: new Map([...values, ...outer]), problems };
}

/** Files that stand in for an env file that is not in the repository. */
export function exampleOf(repo: Repo, file: string): string | undefined {
  const folder = folderOf(file);
  const name = file.slice(folder === '' ? 0 : folder.length + 1);
  const near = repo.children(folder).filter((entry) => entry.type === 'file');
  const rest = name.replace(/^\.?env\.?/, '');
  const wanted = new Set<string>();
  for (const word of ['example', 'sample', 'template', 'dist', 'tmpl', 'default', 'defaults']) {
    for (const stem of [name, name.replace(/^\./, ''), rest === '' ? '.env' : `.env.${rest}`]) {
      wanted
        .add(`${stem}.${word}`)
        .add(`${stem}-${word}`)
        .add(`${stem}_${word}`)
        .add(`${word}.${stem.replace(/^\./, '')}`)
        .add(`${word}${stem.startsWith('.') ? stem : `.${stem}`}`);
    }
    if (rest !== '') wanted.add(`.env.${word}.${rest}`);
  }
  return near.map((entry) => entry.path).find((path) => wanted.has(path.slice(folder === '' ? 0 : folder.length + 1)));
}

/** The sign that a file is kept out of the repository on purpose: an example beside it, or a .gitignore that names it. */
export function missingByDesign(repo: Repo, file: string): string | undefined {
  const example = exampleOf(repo, file);
  if (example !== undefined) return `${example} stands beside it`;
  return repo.gitIgnored(file) === true ? 'git ignores it' : undefined;
}
