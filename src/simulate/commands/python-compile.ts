import { normalName, pipBuildCommands } from '../../packages/python.ts';
import type { Call, Failure } from '../command-model.ts';
import type { ImageState } from '../state.ts';
import { lacksDebian } from './debian-packages.ts';
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
    return headersMissing(call, state, name);
  });
}

/** Sets of packages of which one must be there to compile a distribution, with what they are for. */
const HEADERS: Readonly<Record<string, readonly (readonly [readonly string[], string])[]>> = {
  psycopg2: [[['libpq-dev'], 'pg_config of libpq-dev']],
  mysqlclient: [
    [
      ['default-libmysqlclient-dev', 'libmysqlclient-dev', 'libmariadb-dev', 'libmariadb-dev-compat'],
      'the headers of default-libmysqlclient-dev',
    ],
    [['pkg-config', 'pkgconf', 'pkgconf-bin'], 'pkg-config'],
  ],
};

/** A compiler alone does not do: slim images, which bring no headers of their own. */
function headersMissing(call: Call, state: ImageState, name: string): readonly Failure[] {
  const sets = HEADERS[normalName(name)];
  const slim = state.command('gcc');
  const base = state.packages.some(
    ({ manager, name: own }) => manager === 'apt' && /^(gcc|g\+\+|build-essential)$/.test(own),
  );
  // Images that are not slim bring git, and with it the headers of every library that is often asked for.
  const git = state.command('git');
  const full = !git.known || (git.value !== 'absent' && git.because.some(({ kind }) => kind === 'base-image'));
  if (sets === undefined || !slim.known || !base || full || call.env.has('MYSQLCLIENT_CFLAGS')) return [];
  for (const [wanted, what] of sets) {
    const because = lacksDebian(state, wanted);
    if (because === undefined) continue;
    return [
      {
        kind: 'compiler-missing',
        at: call.at,
        subject: name,
        text: `pip stops: ${name} has no wheel for Linux, and ${what} is not there to build it`,
        because: [...because, call.reason],
        says: 'subprocess-exited-with-error',
        detail: { package: name, command: what },
      },
    ];
  }
  return [];
}
