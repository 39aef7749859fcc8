import type { ComposeService } from '../compose/model.ts';
import { chainFact, type Fact, known, unknown } from '../facts/fact.ts';
import type { ImageState } from '../simulate/state.ts';
import type { Place } from '../text/place.ts';
import { commandLines } from './command-line.ts';
import { healthRequest } from './health-request.ts';
import type { EnvValue, Probe } from './types.ts';

/** Commands every shell has built in: they need no file. */
const BUILT_IN = new Set([
  'exit',
  'test',
  '[',
  'echo',
  'printf',
  'true',
  'false',
  ':',
  'cd',
  'export',
  'set',
  'read',
  'command',
  'kill',
  'eval',
  'exec',
  'return',
  'shift',
  'trap',
  'type',
  'ulimit',
  'umask',
  'unset',
  'wait',
  'local',
]);

/** The health check in force: that of compose, else the image's. Null: there is none, or it is switched off. */
export function probeOf(
  image: Fact<ImageState>,
  compose: ComposeService,
  env: ReadonlyMap<string, EnvValue>,
): Fact<Probe | null> {
  const own = compose.healthcheck;
  if (own?.disabled === true)
    return known(null, { kind: 'compose', at: own.at, text: 'the health check is switched off' });
  const test = own?.test;
  if (test !== undefined) {
    return chainFact(
      test.fact,
      (argv): Fact<Probe | null> =>
        known(readProbe(test.form, argv, test.at, 'compose', env), {
          kind: 'compose',
          at: test.at,
          text: `the health check runs ${argv.join(' ')}`,
        }),
    );
  }
  return chainFact(image, (state) =>
    chainFact(state.healthcheck, (check): Fact<Probe | null> => {
      if (check === null || check.kind === 'none' || check.command === undefined) return known(null);
      const { command } = check;
      if (command.at === undefined) return unknown("the base image's own health check is not read");
      return known(readProbe(command.form, command.argv, command.at, 'image', env));
    }),
  );
}

function readProbe(
  form: 'exec' | 'shell',
  argv: readonly string[],
  at: Place,
  origin: Probe['origin'],
  env: ReadonlyMap<string, EnvValue>,
): Probe {
  const text = form === 'shell' ? argv.join(' ') : shellOfExec(argv);
  const lookup = (name: string): string | undefined => {
    const value = env.get(name)?.value;
    return value?.known === true ? value.value : undefined;
  };
  const lines =
    text === undefined
      ? [{ words: argv, alternative: false, conditional: false, exec: false }]
      : commandLines(text, lookup);
  const tools = lines.flatMap((line) => {
    const name = line.words[0];
    return name === undefined || name === '' || BUILT_IN.has(name)
      ? []
      : [{ name, required: !line.alternative && !line.conditional }];
  });
  const requests = lines.flatMap((line) => {
    const request = healthRequest(line.words);
    return request === undefined || line.alternative || line.conditional ? [] : [request];
  });
  const [request] = requests;
  return { at, form, argv, tools, origin, ...(request === undefined || requests.length > 1 ? {} : { request }) };
}

function shellOfExec(argv: readonly string[]): string | undefined {
  return /^(\/(usr\/)?bin\/)?(ba|da|a)?sh$/.test(argv[0] ?? '') && /^-\w*c$/.test(argv[1] ?? '') ? argv[2] : undefined;
}
