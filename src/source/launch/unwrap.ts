interface Unwrapped {
  readonly argv: readonly string[];
  readonly text: string;
  readonly assignments: ReadonlyMap<string, string>;
}

/** Steps through programs that run another one. */
export function unwrap(name: string, argv: readonly string[]): Unwrapped | undefined {
  const none = new Map<string, string>();
  const from = (index: number, text = name): Unwrapped | undefined =>
    argv.length > index ? { argv: argv.slice(index), text, assignments: none } : undefined;
  const skipOptions = (valued: RegExp, start = 1): number => {
    let i = start;
    while (argv[i]?.startsWith('-')) {
      if (argv[i] === '--') return i + 1;
      i += valued.test(argv[i] ?? '') && !argv[i]?.includes('=') ? 2 : 1;
    }
    return i;
  };
  const afterDashes = () => {
    const at = argv.indexOf('--');
    return at > 0 ? from(at + 1) : undefined;
  };
  switch (name) {
    case 'exec':
    case 'nohup':
    case 'time':
      return from(1);
    case 'tini':
      return from(skipOptions(/^(-p|-e)$/));
    case 'catatonit':
    case 'dumb-init':
      return from(skipOptions(/^(-r|--rewrite)$/));
    case 'gosu':
    case 'su-exec':
      return from(2, `${name} ${argv[1] ?? ''}`);
    case 'setpriv':
      return from(skipOptions(/^--(?!init-groups|clear-groups|no-new-privs|keep-groups|reset-env)[\w-]+$/));
    case 'nice':
      return from(skipOptions(/^-n$/));
    case 'timeout':
      return from(skipOptions(/^(-s|-k|--signal|--kill-after)$/) + 1);
    case 'env': {
      const env = new Map<string, string>();
      let i = skipOptions(/^(-u|-C|--unset|--chdir)$/);
      for (; /^[A-Za-z_]\w*=/.test(argv[i] ?? ''); i++)
        env.set((argv[i] ?? '').split('=')[0] ?? '', (argv[i] ?? '').slice((argv[i] ?? '').indexOf('=') + 1));
      return argv.length > i ? { argv: argv.slice(i), text: 'env', assignments: env } : undefined;
    }
    case 'cross-env':
    case 'cross-env-shell': {
      const env = new Map<string, string>();
      let i = 1;
      for (; /^[A-Za-z_]\w*=/.test(argv[i] ?? ''); i++)
        env.set((argv[i] ?? '').split('=')[0] ?? '', (argv[i] ?? '').slice((argv[i] ?? '').indexOf('=') + 1));
      return argv.length > i ? { argv: argv.slice(i), text: name, assignments: env } : undefined;
    }
    case 'poetry':
    case 'pipenv':
    case 'pdm':
    case 'rye':
      return argv[1] === 'run' ? from(skipOptions(/^$/, 2), `${name} run`) : undefined;
    case 'uv':
      return argv[1] === 'run'
        ? from(
            skipOptions(
              /^(--(with|extra|group|python|project|directory|env-file|package|index|only-group|no-group)|-p|-w)$/,
              2,
            ),
            'uv run',
          )
        : undefined;
    case 'hatch':
      return argv[1] === 'run' ? from(2, 'hatch run') : undefined;
    case 'opentelemetry-instrument':
      return from(skipOptions(/^--(?!version)[\w_-]+$/));
    case 'ddtrace-run':
      return from(skipOptions(/^$/));
    case 'newrelic-admin':
      return argv[1] === 'run-program' ? from(2) : undefined;
    case 'doppler':
    case 'infisical':
    case 'op':
    case 'chamber':
      return afterDashes();
    case 'dotenv':
    case 'dotenvx':
    case 'env-cmd':
    case 'dotenv-cli':
      return afterDashes() ?? from(skipOptions(/^(-e|-f|--file|-r|--rc-file|-c)$/, argv[1] === 'run' ? 2 : 1));
    case 'npx':
    case 'bunx':
    case 'pnpx':
      return from(skipOptions(/^(-p|--package|-c|--call)$/), name);
    case 'pnpm':
    case 'yarn':
    case 'npm':
      return argv[1] === 'exec' || argv[1] === 'dlx' ? from(skipOptions(/^$/, 2), `${name} ${argv[1]}`) : undefined;
    case 'corepack':
      return from(1);
    case 'pm2':
    case 'pm2-runtime':
    case 'pm2-docker': {
      if (name === 'pm2' && argv[1] !== 'start') return undefined;
      const target = argv.find((word, index) => index > 0 && !word.startsWith('-') && word !== 'start');
      // `pm2-runtime npm -- run start`: what stands behind the dashes are arguments of npm.
      if (target !== undefined && /^(?:npm|yarn|pnpm)$/.test(target) && argv.includes('--'))
        return { argv: [target, ...argv.slice(argv.indexOf('--') + 1)], text: name, assignments: none };
      return target !== undefined && /\.[mc]?[jt]s$/.test(target) && !/ecosystem|pm2|config/.test(target)
        ? { argv: ['node', target], text: name, assignments: none }
        : undefined;
    }
    default:
      return undefined;
  }
}
