import { unknown } from '../../../facts/fact.ts';
import { know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import { addressesOf } from '../../addresses.ts';
import { isWithin, mountTargets } from '../../container-path.ts';
import { claim, rule } from '../../rule.ts';

/** Libraries that keep jobs in Redis. */
const QUEUES = /^(?:bull|bullmq|bee-queue|celery|rq|arq|dramatiq|huey|taskiq-redis)$/;

export default rule({
  on: 'service',
  severity: 'note',
  summary: 'the Redis that holds a job queue keeps nothing',
  why: 'Jobs that wait are in its memory and in a folder of the container. After `docker compose down`, or when the container is made anew, they are gone without a trace: mails that were never sent, webhooks that were never called.',
  remedy: 'Mount a named volume at /data and start it with `--appendonly yes`.',
  proof: 'none',
  *check(service) {
    const { server, compose, stack } = service;
    if ((server?.name !== 'Redis' && server?.name !== 'Valkey') || stack.purpose.grade === 'development') return;
    const targets = mountTargets(service);
    if (targets.some((t) => t !== undefined && isWithin('/data', t))) return;
    const user = stack.services.find((other) => queueIn(other, service) !== undefined);
    const queue = user === undefined ? undefined : queueIn(user, service);
    if (user === undefined || queue === undefined) return;
    if (targets.includes(undefined)) yield* know(unknown('where a volume is mounted is not known'));
    const words = compose.command === undefined ? [] : yield* know(compose.command.fact);
    if (words.some((word) => word === '--dir' || word.endsWith('.conf')))
      yield* know(unknown('its settings may say where it keeps its data'));
    yield claim({
      breaks: `kept:${service.id}`,
      at: service.at,
      title: `${service.name} holds the jobs of ${user.name} (${queue}) and has no volume: those that wait are gone after \`docker compose down\``,
      subject: service.name,
      because: [
        { kind: 'compose', at: service.at, text: `${service.name} mounts nothing at /data` },
        { kind: 'compose', at: user.at, text: `${user.name} uses ${queue} with it` },
      ],
    });
  },
});

/** The queue library of a service that is told to use this Redis. */
function queueIn(user: Service, redis: Service): string | undefined {
  if (user.target === undefined) return undefined;
  const told = addressesOf(user).filter((address) => address.host === redis.name);
  if (told.length === 0) return undefined;
  const broker = told.find((address) => /BROKER/.test(address.variable));
  if (broker !== undefined) return broker.variable;
  const loads = user.application.known ? user.application.value.loads : undefined;
  const loaded = loads?.known === true ? [...loads.value].find((name) => QUEUES.test(name)) : undefined;
  if (loaded !== undefined) return loaded;
  if (user.application.known && user.application.value.launch.role === 'worker')
    return user.application.value.launch.program;
  return undefined;
}
