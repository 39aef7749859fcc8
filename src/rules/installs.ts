import type { Step } from '../simulate/trace.ts';

/** An install of the application's own dependencies: what it reads, and how it is told to leave development ones out. */
export interface Install {
  readonly tool: string;
  /** Files that decide what is installed. Anything else that is copied before only costs the cache. */
  readonly manifests: readonly RegExp[];
  readonly language: 'node' | 'python' | 'other';
  /** The install builds the project itself too, unless told not to. */
  readonly needsSource: boolean;
  readonly development: 'installed' | 'left-out' | 'unknown';
}

const NODE = [
  /(^|\/)package(-lock)?\.json$/,
  /(^|\/)npm-shrinkwrap\.json$/,
  /(^|\/)yarn\.lock$/,
  /(^|\/)pnpm-lock\.yaml$/,
  /(^|\/)pnpm-workspace\.yaml$/,
  /(^|\/)bun\.lockb?$/,
  /(^|\/)\.(npmrc|yarnrc|yarnrc\.yml|pnpmfile\.cjs|nvmrc|node-version)$/,
  /(^|\/)\.yarn(\/|$)/,
  /(^|\/)patches(\/|$)/,
  /(^|\/)(turbo|lerna|nx)\.json$/,
  /(^|\/)prisma(\/|$)/,
];
const PYTHON = [
  /(^|\/)[\w.-]*requirements[\w.-]*\.(txt|in)$/,
  /(^|\/)requirements(\/|$)/,
  /(^|\/)constraints[\w.-]*\.txt$/,
  /(^|\/)pyproject\.toml$/,
  /(^|\/)(uv|poetry|pdm)\.lock$/,
  /(^|\/)Pipfile(\.lock)?$/,
  /(^|\/)setup\.(py|cfg)$/,
  /(^|\/)\.python-version$/,
  /(^|\/)pip\.conf$/,
];
const OTHER = [
  /(^|\/)go\.(mod|sum|work)$/,
  /(^|\/)Cargo\.(toml|lock)$/,
  /(^|\/)composer\.(json|lock)$/,
  /(^|\/)Gemfile(\.lock)?$/,
  /(^|\/)pom\.xml$/,
];

/** Reads a command of a RUN as an install of dependencies; undefined for everything else. `production`: NODE_ENV says so. */
export function installOf(step: Step, production: boolean): Install | undefined {
  const words = (step.argv ?? []).filter((word) => word !== 'exec' && word !== 'sudo');
  const [path = '', verb = ''] = words;
  const program = path.split('/').pop() ?? '';
  const flags = words.slice(1);
  const has = (...names: readonly string[]): boolean => names.some((name) => flags.includes(name));
  const plain = flags.slice(1).filter((word) => !word.startsWith('-'));
  switch (program) {
    case 'npm':
      if (!['ci', 'install', 'i', 'clean-install'].includes(verb) || has('-g', '--global') || plain.length > 0)
        return undefined;
      return node(
        program,
        has('--omit=dev', '--production', '--only=production', '--only=prod') ||
          (has('--omit') && has('dev')) ||
          production,
      );
    case 'pnpm':
      if (!['install', 'i', 'fetch'].includes(verb) || has('-g', '--global')) return undefined;
      return node(program, has('--prod', '-P', '--production') || production);
    case 'yarn':
      if (!(verb === '' || verb === 'install' || verb.startsWith('-')) || has('global')) return undefined;
      return node(program, has('--production', '--production=true', '--prod') || production);
    case 'uv':
      if (verb === 'sync') {
        const out = has('--no-dev', '--only-group', '--no-group') || flags.includes('--no-default-groups');
        return {
          tool: 'uv sync',
          manifests: PYTHON,
          language: 'python',
          needsSource: !has('--no-install-project'),
          development: out ? 'left-out' : 'installed',
        };
      }
      return verb === 'pip' && flags[1] === 'install' ? requirements(flags.slice(2), 'uv pip install') : undefined;
    case 'poetry':
      if (verb !== 'install') return undefined;
      return {
        tool: 'poetry install',
        manifests: PYTHON,
        language: 'python',
        needsSource: !has('--no-root'),
        development: flags.some((f) => /^--(without|only|no-dev|with)/.test(f)) ? 'left-out' : 'installed',
      };
    case 'pipenv':
      if (verb !== 'install' && verb !== 'sync') return undefined;
      return {
        tool: `pipenv ${verb}`,
        manifests: PYTHON,
        language: 'python',
        needsSource: false,
        development: has('--dev', '-d') ? 'installed' : 'left-out',
      };
    case 'go':
      return verb === 'mod' && flags[1] === 'download' ? other('go mod download') : undefined;
    case 'composer':
    case 'bundle':
      return verb === 'install' ? other(`${program} install`) : undefined;
    default:
      if (/^pip[\d.]*$/.test(program) && verb === 'install') return requirements(flags.slice(1), 'pip install');
      if (/^python[\d.]*$/.test(program) && verb === '-m' && flags[1] === 'pip' && flags[2] === 'install')
        return requirements(flags.slice(3), 'pip install');
      return undefined;
  }
}

function node(program: string, leftOut: boolean): Install {
  return {
    tool: `${program} install`,
    manifests: NODE,
    language: 'node',
    needsSource: false,
    development: leftOut ? 'left-out' : 'installed',
  };
}

function other(tool: string): Install {
  return { tool, manifests: OTHER, language: 'other', needsSource: false, development: 'unknown' };
}

/** `-r FILE` is an install that a manifest alone decides; `pip install .` brings the project's dependencies too, and needs its source. */
function requirements(flags: readonly string[], tool: string): Install | undefined {
  const file = flags.some((f) => f === '-r' || f === '--requirement' || /^(-r.|--requirement=)/.test(f));
  const source = flags.some(
    (f) => f === '-e' || f === '--editable' || f === '.' || f.startsWith('./') || f.startsWith('.['),
  );
  if (!file && (!source || flags.includes('--no-deps'))) return undefined;
  return {
    tool: source ? `${tool} .` : tool,
    manifests: PYTHON,
    language: 'python',
    needsSource: source,
    development: 'unknown',
  };
}
