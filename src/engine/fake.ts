import type { BuildOutcome, BuildRequest, Engine, EngineFacts, HttpOutcome, LayersOutcome } from './engine.ts';
import type { Outcome } from './outcome.ts';

/** What a fake engine answers; what is not given ends with code 0 and says nothing. */
export interface FakeScript {
  readonly facts?: Partial<EngineFacts>;
  /** By the command's words: the longest key that the words begin with wins. A function may look at them. */
  readonly commands?: Readonly<
    Record<string, string | FakeAnswer | ((args: readonly string[]) => string | FakeAnswer)>
  >;
  readonly build?: (request: BuildRequest, call: number) => Partial<BuildOutcome>;
  readonly layers?: (image: string) => Partial<LayersOutcome>;
  readonly request?: (url: string) => Partial<HttpOutcome>;
}

export interface FakeAnswer {
  readonly exit?: number;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly seconds?: number;
  readonly fault?: string;
  readonly ended?: Outcome['ended'];
}

/** An engine that follows a script and remembers what it was asked. For tests: no process is started. */
export function fakeEngine(script: FakeScript = {}): Engine & { readonly asked: readonly (readonly string[])[] } {
  const asked: (readonly string[])[] = [];
  const builds = new Map<string, number>();
  const outcome = (argv: readonly string[], answer: FakeAnswer): Outcome => {
    asked.push(argv);
    return {
      argv,
      ended: answer.ended ?? 'exit',
      ...(answer.ended === undefined || answer.ended === 'exit' ? { exit: answer.exit ?? 0 } : {}),
      stdout: answer.stdout ?? '',
      stderr: answer.stderr ?? '',
      seconds: answer.seconds ?? 0.01,
      ...(answer.fault === undefined ? {} : { fault: answer.fault }),
    };
  };
  const answerTo = (args: readonly string[]): FakeAnswer => {
    const words = args.join(' ');
    const keys = Object.keys(script.commands ?? {}).filter((key) => words.startsWith(key));
    const key = keys.sort((a, b) => b.length - a.length)[0];
    const given = key === undefined ? {} : (script.commands?.[key] ?? {});
    const answer = typeof given === 'function' ? given(args) : given;
    return typeof answer === 'string' ? { stdout: answer } : answer;
  };
  return {
    name: 'fake',
    asked,
    facts: () => Promise.resolve({ ...soundFacts, ...script.facts }),
    command: (args, call) =>
      Promise.resolve(
        call?.signal?.aborted === true
          ? outcome(['docker', ...args], { ended: 'aborted', fault: 'stopped on request' })
          : outcome(['docker', ...args], answerTo(args)),
      ),
    build: (request) => {
      const nth = builds.get(request.tag) ?? 0;
      builds.set(request.tag, nth + 1);
      const report = { steps: [], cached: 0, total: 0, warnings: [], plain: '' };
      const base = outcome(['docker', 'buildx', 'build', request.context], {});
      return Promise.resolve({
        ...base,
        report,
        image: `sha256:${'1'.repeat(64)}`,
        materials: [],
        ...script.build?.(request, nth),
      });
    },
    layers: (request) =>
      Promise.resolve({
        ...outcome(['docker', 'save', request.image], {}),
        layers: [],
        ...script.layers?.(request.image),
      }),
    request: (request) =>
      Promise.resolve({
        ...outcome(['curl', request.url], {}),
        headers: {},
        body: '',
        ...(script.request === undefined ? { exit: 7, fault: 'connection refused' } : script.request(request.url)),
      }),
    crash: (container) => Promise.resolve(outcome(['kill', '-KILL', container], {})),
    copyOut: (container, path, file) => Promise.resolve(outcome(['docker', 'cp', `${container}:${path}`, file], {})),
    copyIn: (file, container, path) => Promise.resolve(outcome(['docker', 'cp', file, `${container}:${path}`], {})),
  };
}

const soundFacts: EngineFacts = {
  answers: true,
  name: 'fake',
  version: '28.5.2',
  api: '1.51',
  buildx: '0.29.1',
  compose: '2.40.3',
  platform: 'linux/amd64',
  storage: 'overlay2',
  containerdStore: false,
  cgroup: '2',
  rootless: false,
  cpus: 2,
  memory: 8e9,
  operatingSystem: 'Debian GNU/Linux',
  bridgeReachable: true,
};
