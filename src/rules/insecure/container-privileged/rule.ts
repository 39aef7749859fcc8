import { know } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'a container with all rights of the host',
  why: 'A privileged container sees the devices of the host and may do what root may: whoever takes it over has the host.',
  remedy: 'Give it the single capability or device that it needs (`cap_add`, `devices`).',
  aliases: ['CKV_DOCKER_PRIVILEGED'],
  proof: 'none',
  *check(service) {
    const { privileged } = service.compose;
    if (privileged === undefined || service.stack.development) return;
    if (!(yield* know(privileged.fact))) return;
    yield claim({
      at: privileged.at,
      title: `${service.name} is privileged: it has all rights of the host`,
      subject: service.name,
      because: [{ kind: 'compose', at: privileged.at, text: 'privileged: true' }],
    });
  },
});
