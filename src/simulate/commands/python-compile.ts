import { normalName, pipBuildCommands } from '../../packages/python.ts';
import type { Call, Failure } from '../command-model.ts';
import type { ImageState } from '../state.ts';
import type { Options } from './options.ts';

/** A distribution that is asked for, and where it is certain that it is installed at all. */
export interface Wanted {
  readonly name: string;
  /** Only where a marker (`; sys_platform == "win32"`) or an option says so. */
  readonly conditional: boolean;
}

/** What pip has to compile, because PyPI has no wheel of it for Linux, in an image without a compiler. Another index, or a folder of
 * wheels, may have one. */
export function compileFailures(
  call: Call,
  state: ImageState,
  options: Options,
  wanted: readonly Wanted[],
): readonly Failure[] {
  const elsewhere = [
    ...['PIP_INDEX_URL', 'PIP_EXTRA_INDEX_URL', 'PIP_FIND_LINKS', 'PIP_CONFIG_FILE', 'PIP_NO_BINARY', 'CC'],
    ...['UV_INDEX_URL', 'UV_EXTRA_INDEX_URL', 'UV_INDEX', 'UV_DEFAULT_INDEX', 'UV_FIND_LINKS'],
  ].some((name) => call.env.has(name));
  const told = ['i', 'extra-index-url', 'f', 'no-index', 'only-binary', 'dry-run'].some((key) => options.has(key));
  if (elsewhere || told) return [];
  const there = new Set(state.packages.map(({ name }) => normalName(name).replace(/^python3?-/, '')));
  return wanted.flatMap(({ name, conditional }): readonly Failure[] => {
    if (conditional || there.has(normalName(name))) return [];
    for (const command of pipBuildCommands(name)) {
      const found = state.command(command);
      // pkg-config is one of several ways.
      if (command === 'pkg-config' || !found.known || found.value !== 'absent') continue;
      return [
        {
          kind: 'compiler-missing',
          at: call.at,
          subject: name,
          text: `pip stops: ${name} has no wheel for Linux, and ${command} is not there to build it`,
          because: [...found.because.slice(0, 2), call.reason],
          says: 'subprocess-exited-with-error',
          detail: { package: name, command },
        },
      ];
    }
    return [];
  });
}
