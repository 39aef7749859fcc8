import { type FakeScript, fakeEngine } from '../engine/fake.ts';
import type { Row } from './row.ts';
import type { RunningStack, StackService } from './stack.ts';

const started = '2020-11-21T15:00:00.000000000Z';

/** `docker inspect` of one container, as far as it matters. */
export function raw(service: string, state: object = {}, host: object = {}, config: object = {}): object {
  return {
    Id: `id-${service}`,
    Name: `/p-${service}-1`,
    Image: 'sha256:1',
    State: { Status: 'running', Running: true, ExitCode: 0, StartedAt: started, ...state },
    Config: { Labels: { 'com.docker.compose.service': service }, ...config },
    HostConfig: host,
    NetworkSettings: { Networks: { p_default: { IPAddress: '172.28.0.2' } }, Ports: {} },
  };
}

export function stackOf(script: FakeScript, services: readonly Partial<StackService>[] = [{}]): RunningStack {
  return {
    engine: fakeEngine(script),
    call: {},
    project: 'p',
    file: '/x.json',
    services: services.map((service) => ({ name: 'web', built: true, ports: [8080], oneShot: false, ...service })),
    access: 'bridge',
    scratch: '/tmp',
    volumes: new Set(),
  };
}

/** The row of a measure, of one service where it is named. */
export const row = (rows: readonly Row[], measure: string, service?: string): Row | undefined =>
  rows.find((candidate) => candidate.measure === measure && (service === undefined || candidate.service === service));
