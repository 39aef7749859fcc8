import { type Fact, known, type Reason, unknown } from '../facts/fact.ts';
import type { Place } from '../text/place.ts';
import { expandWord } from './lex.ts';
import type { EnvLookup, LexOptions } from './lex-options.ts';
import type { EscapeChar } from './syntax.ts';
import type { ArgInstruction, Dockerfile, EnvInstruction, Instruction } from './types.ts';

/** A variable as it is at some instruction. */
export interface Variable {
  readonly value: Fact<string>;
  /** `env`: stays in the image; `arg`: only while building. */
  readonly kind: 'env' | 'arg';
  /** Where it got its value; undefined for those that BuildKit or the base image bring. */
  readonly at?: Place;
}

/** The variables that instructions of one stage see. Immutable. */
export interface Scope {
  readonly variables: ReadonlyMap<string, Variable>;
  /** Set when more variables may exist than are listed (an unknown base image): why. */
  readonly open?: string;
}

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

export interface ScopeOptions {
  /** Values of `--build-arg` or of compose's `args`. An unknown one is a variable with an unknown value. */
  readonly buildArgs?: ReadonlyMap<string, Fact<string>>;
  /** Default linux/amd64, unknown to the user, so that values that depend on it are unknown when it is not given. */
  readonly platform?: Platform;
  readonly buildPlatform?: Platform;
  /** Name of the target stage. */
  readonly target?: string;
}

/** Available in RUN without an ARG line, and not kept in the history. */
export const PROXY_ARGS: readonly string[] = [
  'HTTP_PROXY',
  'http_proxy',
  'HTTPS_PROXY',
  'https_proxy',
  'FTP_PROXY',
  'ftp_proxy',
  'NO_PROXY',
  'no_proxy',
  'ALL_PROXY',
  'all_proxy',
];

/** ARGs that BuildKit reads itself and never puts into the environment. */
const CONTROL_ARGS = new Set(['BUILDKIT_SBOM_SCAN_CONTEXT', 'BUILDKIT_SBOM_SCAN_STAGE']);

/** Text once expanded. Unknown when a variable in it is; `error` in BuildKit's words stops the build. */
export interface ExpandedText {
  readonly text: Fact<string>;
  readonly error?: string;
  /** Names that are not defined here: they give the empty text. */
  readonly undefinedNames: readonly string[];
  readonly used: readonly string[];
}

/** Expands a word in a scope. */
export function expandIn(scope: Scope, word: string, escapeChar: EscapeChar, options?: LexOptions): ExpandedText {
  let missing: string | undefined;
  const because: Reason[] = [];
  const env: EnvLookup = (name) => {
    const variable = scope.variables.get(name);
    if (variable === undefined) {
      missing ??= scope.open === undefined ? undefined : `$${name} may come from the base image: ${scope.open}`;
      return undefined;
    }
    because.push(...variable.value.because);
    if (variable.value.known) return variable.value.value;
    missing ??= variable.value.why;
    return '';
  };
  const expansion = expandWord(word, env, escapeChar, options);
  const { used, undefinedNames } = expansion;
  if (missing !== undefined) return { text: unknown(missing, ...because), used, undefinedNames };
  if (expansion.error !== undefined) {
    return { text: unknown(expansion.error, ...because), error: expansion.error, used, undefinedNames };
  }
  return { text: known(expansion.text, ...because), used, undefinedNames };
}

function formatPlatform(platform: Platform): string {
  const { os, architecture, variant } = platform;
  return variant === undefined || variant === '' ? `${os}/${architecture}` : `${os}/${architecture}/${variant}`;
}

/** The variables that every FROM can use and that a stage gets with a bare `ARG NAME`: platforms and the ARGs above the
 * first FROM, in order, build arguments first. */
export function globalScope(dockerfile: Dockerfile, options: ScopeOptions = {}): Scope {
  const variables = new Map<string, Variable>();
  const set = (name: string, value: Fact<string>): void => {
    variables.set(name, { kind: 'arg', value: options.buildArgs?.get(name) ?? value });
  };
  for (const [prefix, platform] of [
    ['BUILD', options.buildPlatform ?? options.platform],
    ['TARGET', options.platform],
  ] as const) {
    const open = unknown('the platform that is built for is not known');
    const fact = (value: string | undefined): Fact<string> => (value === undefined ? open : known(value));
    set(`${prefix}PLATFORM`, fact(platform && formatPlatform(platform)));
    set(`${prefix}OS`, fact(platform?.os));
    set(`${prefix}OSVERSION`, fact(platform && ''));
    set(`${prefix}ARCH`, fact(platform?.architecture));
    set(`${prefix}VARIANT`, fact(platform && (platform.variant ?? '')));
  }
  const last = dockerfile.stages.at(-1)?.name;
  set('TARGETSTAGE', known(options.target ?? last ?? 'default'));
  const scope: Scope = { variables };
  for (const instruction of dockerfile.metaArgs) {
    for (const arg of instruction.args) {
      const given = options.buildArgs?.get(arg.name.text);
      const value = given ?? (arg.value && expandIn(scope, arg.value.text, dockerfile.escape).text);
      if (value !== undefined) variables.set(arg.name.text, { kind: 'arg', value, at: instruction.place });
    }
  }
  return scope;
}

/** What a stage starts with: everything of the stage it is built from (ARGs, too), or the environment of its image. */
export function scopeOfImage(env: ReadonlyMap<string, Fact<string>>, open?: string): Scope {
  const variables = new Map<string, Variable>();
  for (const [name, value] of env) variables.set(name, { kind: 'env', value });
  return open === undefined ? { variables } : { variables, open };
}

/** The scope behind an instruction. ENV and ARG alike set a variable: the later line wins while building. */
export function scopeAfter(
  scope: Scope,
  instruction: Instruction,
  global: Scope,
  escapeChar: EscapeChar,
  buildArgs: ReadonlyMap<string, Fact<string>> = new Map(),
): Scope {
  if (instruction.keyword === 'ENV') return afterEnv(scope, instruction, escapeChar);
  return instruction.keyword === 'ARG' ? afterArg(scope, instruction, global, escapeChar, buildArgs) : scope;
}

/** All pairs of one ENV see the values from before it. */
function afterEnv(scope: Scope, instruction: EnvInstruction, escapeChar: EscapeChar): Scope {
  const variables = new Map(scope.variables);
  for (const { key, value } of instruction.pairs) {
    const name = expandIn(scope, key.text, escapeChar).text;
    if (!name.known) continue;
    const { text } = expandIn(scope, value.text, escapeChar);
    variables.set(name.value, { kind: 'env', value: text, at: instruction.place });
  }
  return { ...scope, variables };
}

function afterArg(
  scope: Scope,
  instruction: ArgInstruction,
  global: Scope,
  escapeChar: EscapeChar,
  buildArgs: ReadonlyMap<string, Fact<string>>,
): Scope {
  let current = scope;
  for (const arg of instruction.args) {
    const name = arg.name.text;
    const given = buildArgs.get(name);
    const inherited = arg.value === undefined ? global.variables.get(name) : undefined;
    const value =
      given ?? (arg.value === undefined ? inherited?.value : expandIn(current, arg.value.text, escapeChar).text);
    if (value === undefined || CONTROL_ARGS.has(name)) continue;
    const at = given === undefined && inherited?.at !== undefined ? inherited.at : instruction.place;
    const variables = new Map(current.variables);
    variables.set(name, { kind: 'arg', value, at });
    current = { ...current, variables };
  }
  return current;
}
