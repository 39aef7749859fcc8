export type PackageManager = 'pnpm' | 'yarn' | 'bun';

/** Options that take a value as the next word. */
export const VALUED =
  /^(--dir|-C|--cwd|--filter|-F|--registry|--store-dir|--network-timeout|--cache-folder|--reporter|--modules-folder|--network-concurrency|--mutex|--child-concurrency|--loglevel)$/;

interface Rules {
  readonly lock: readonly string[];
  /** Verb without words that installs. */
  readonly install: RegExp;
  readonly builtins: RegExp;
}

/** Lock files and verbs of the package managers other than npm. */
export const MANAGERS: Readonly<Record<PackageManager, Rules>> = {
  pnpm: {
    lock: ['pnpm-lock.yaml'],
    install: /^(install|i)$/,
    builtins:
      /^(add|remove|rm|update|up|dlx|store|config|fetch|prune|rebuild|deploy|link|audit|list|ls|why|setup|env|root|bin|patch|import|dedupe|init|approve-builds|pack|publish|outdated|create|server|licenses|self-update)$/,
  },
  yarn: {
    lock: ['yarn.lock'],
    install: /^(install)?$/,
    builtins:
      /^(add|remove|up|upgrade|dlx|config|cache|set|plugin|workspaces|workspace|workspaces-focus|global|link|list|info|why|node|pack|publish|dedupe|rebuild|version|policies|check|audit|autoclean|create|init|import|licenses|outdated|bin|generate-lock-entry|help|explain|npm|constraints|patch|stage|unplug)$/,
  },
  bun: {
    lock: ['bun.lock', 'bun.lockb'],
    install: /^(install|i|ci)$/,
    builtins:
      /^(add|a|remove|rm|update|link|pm|x|create|init|upgrade|build|test|repl|outdated|patch|publish|audit|info|why|exec)$/,
  },
};
