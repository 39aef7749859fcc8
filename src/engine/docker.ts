import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBuildLog } from './build-log.ts';
import { crash } from './crash.ts';
import { engineFacts } from './doctor.ts';
import type { BuildOutcome, BuildRequest, Call, Engine, Layer, LayersOutcome, LayersRequest } from './engine.ts';
import { httpRequest } from './http.ts';
import { LayerReader } from './image-tar.ts';
import { type Outcome, succeeded } from './outcome.ts';
import { clientEnvironment, run } from './spawn.ts';
import { buildPrefix } from './workspace.ts';

/** The Docker that `env` points at (DOCKER_HOST, DOCKER_CONFIG, PATH). Nothing is started or asked before a call is made. */
export function dockerEngine(env: Readonly<Record<string, string | undefined>>): Engine {
  const environment = clientEnvironment(env);
  // Base layers occur in every image of a run: one reading is enough.
  const known = new Map<string, Layer>();
  const docker = (args: readonly string[], call: Call = {}): Promise<Outcome> =>
    run(['docker', ...args], { ...call, environment });
  return {
    name: 'docker',
    facts: (call) => engineFacts(docker, environment, call),
    command: docker,
    build: (request, call) => build(docker, request, call ?? {}),
    layers: (request, call) => layers(environment, known, request, call ?? {}),
    request: httpRequest,
    crash: (container, call) => crash(docker, container, call ?? {}),
    copyOut: (container, path, file, call) => {
      const sink = createWriteStream(file);
      // `FOLDER/.` gives what is in it, and its own owner and mode as `./`.
      return run(['docker', 'cp', '-a', `${container}:${path}/.`, '-'], { ...call, environment, sink });
    },
    copyIn: (file, container, path, call) =>
      run(['docker', 'cp', '-a', '-', `${container}:${path}`], {
        ...call,
        environment,
        source: createReadStream(file),
      }),
  };
}

type Docker = (args: readonly string[], call?: Call) => Promise<Outcome>;

async function build(docker: Docker, request: BuildRequest, call: Call): Promise<BuildOutcome> {
  const folder = await mkdtemp(join(tmpdir(), buildPrefix));
  const metadataFile = join(folder, `${randomUUID()}.json`);
  try {
    const outcome = await docker(['buildx', 'build', '--metadata-file', metadataFile, ...buildArguments(request)], {
      seconds: 1200,
      ...call,
    });
    const report = readBuildLog(`${outcome.stderr}\n${outcome.stdout}`);
    if (!succeeded(outcome)) return { ...outcome, report, materials: [] };
    const metadata = await readMetadata(metadataFile);
    return { ...outcome, report, ...metadata };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The arguments of `docker buildx build` for a request. */
export function buildArguments(request: BuildRequest): string[] {
  const each = (flag: string, values: readonly string[]): string[] => values.flatMap((value) => [flag, value]);
  const pairs = (record: Readonly<Record<string, string>> | undefined): string[] =>
    Object.entries(record ?? {}).map(([name, value]) => `${name}=${value}`);
  return [
    '--progress=rawjson',
    '--load',
    '--tag',
    request.tag,
    ...(request.noCache === true ? ['--no-cache'] : []),
    ...(request.target === undefined ? [] : ['--target', request.target]),
    ...(request.platform === undefined ? [] : ['--platform', request.platform]),
    ...each('--build-arg', pairs(request.args)),
    ...each('--label', pairs(request.labels)),
    ...each('--build-context', pairs(request.contexts)),
    ...each('--secret', request.secrets ?? []),
    '--file',
    request.dockerfile,
    request.context,
  ];
}

async function readMetadata(file: string): Promise<Pick<BuildOutcome, 'image' | 'materials'>> {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  const data = JSON.parse(text) as Record<string, unknown>;
  const provenance = data['buildx.build.provenance'] as
    | { materials?: { uri: string; digest?: Record<string, string> }[] }
    | undefined;
  const image = data['containerimage.config.digest'] ?? data['containerimage.digest'];
  return {
    ...(typeof image === 'string' ? { image } : {}),
    materials: (provenance?.materials ?? []).map((material) => ({
      name: decodeURIComponent(material.uri.replace(/^pkg:docker\//, '').replace(/\?.*$/, '')).replace(/@/, ':'),
      digest: Object.entries(material.digest ?? {})
        .map(([kind, value]) => `${kind}:${value}`)
        .join(','),
    })),
  };
}

async function layers(
  environment: Readonly<Record<string, string>>,
  known: Map<string, Layer>,
  request: LayersRequest,
  call: Call,
): Promise<LayersOutcome> {
  const reader = new LayerReader(request, known);
  const outcome = await run(['docker', 'save', request.image], {
    seconds: 300,
    ...call,
    environment,
    sink: reader.input,
  });
  if (!succeeded(outcome)) {
    reader.input.destroy();
    return { ...outcome, layers: [] };
  }
  const read = await reader.result();
  return 'fault' in read ? { ...outcome, fault: read.fault, exit: 1, layers: [] } : { ...outcome, ...read };
}
