import { type Fact, known, unknown } from '../../facts/fact.ts';
import type { Environment } from '../program/value.ts';
import type { SourceTree } from '../source-tree.ts';
import { expandWord } from '../words.ts';
import type { Launch, Listen } from './launch.ts';
import type { Programs } from './programs.ts';

/** Where a process starts. */
export interface LaunchContext {
  readonly tree: SourceTree;
  /** Working directory, in the tree's paths. */
  readonly cwd: string;
  /** Environment of the process; a name that is missing is unset. */
  readonly env: Environment;
  /** Import names (lower case) that installed packages bring, where known. */
  readonly installed: ReadonlySet<string>;
  /** Further folders Python looks in: where an editable or installed project's packages lie (`src`). */
  readonly pythonRoots: readonly string[];
  readonly programs: Programs;
}

export const ANYWHERE = '0.0.0.0';

/** An option's text as a fact: variables in it filled in; unknown where one is not known. */
export function optionText(text: string, context: LaunchContext): Fact<string> {
  const full = expandWord(text, context.env);
  return full === undefined ? unknown(`${text} depends on a variable that is not known`) : known(full);
}

export function portText(text: string, context: LaunchContext): Fact<number> {
  const full = optionText(text, context);
  if (!full.known) return full;
  return /^\d+$/.test(full.value) ? known(Number(full.value)) : unknown(`${full.value} is not a port`);
}

/** A variable of the environment where it is set; undefined where it is unset. */
export function variable(context: LaunchContext, name: string): Fact<string> | undefined {
  return context.env.get(name);
}

/** `host:port`, `:port`, `unix:/path`, `fd://3`, `[::]:80`. */
export function bindText(text: string, context: LaunchContext, standardHost: string, standardPort: number): Listen {
  const full = optionText(text, context);
  if (!full.known) {
    // The port may still be written out although the host is not, and the reverse.
    const at = text.lastIndexOf(':');
    const port = at >= 0 && !text.slice(at).includes('}') ? portText(text.slice(at + 1), context) : unknown(full.why);
    const host = at > 0 && !text.slice(0, at).includes('$') ? known(text.slice(0, at)) : unknown(full.why);
    return { host, port, protocol: 'http' };
  }
  if (/^(unix:|fd:)/.test(full.value))
    return { host: known(full.value.replace(/^unix:/, '')), port: known(0), protocol: 'unix' };
  const bare = full.value.replace(/^tcp:\/\//, '');
  const match = /^(\[[^\]]+\]|[^:]*)(?::(\d+))?$/.exec(bare);
  if (!match)
    return { host: unknown(`${bare} is not understood`), port: unknown(`${bare} is not understood`), protocol: 'http' };
  const written = (match[1] ?? '').replace(/^\[|\]$/g, '');
  return {
    host: known(written === '' ? standardHost : written),
    port: known(match[2] === undefined ? standardPort : Number(match[2])),
    protocol: 'http',
  };
}

export function http(host: Fact<string>, port: Fact<number>, portVariable?: string): Listen {
  return { host, port, protocol: 'http', ...(portVariable === undefined ? {} : { portVariable }) };
}

/** The variable that a word such as `${PORT:-8000}` takes its value from. */
export function variableIn(text: string | undefined): string | undefined {
  return text === undefined ? undefined : /\$\{?(\w+)/.exec(text)?.[1];
}

export type Draft = Omit<Launch, 'through' | 'argv'>;

export const unknownLaunch = (program: string, language: Launch['language'], why: string): Draft => ({
  program,
  language,
  listen: unknown(why),
  mode: unknown(why),
  role: 'unknown',
  notes: [why],
});
