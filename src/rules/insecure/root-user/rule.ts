import { know } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'the application runs as root',
  why: 'Whoever takes over a process of root has every file of the container and what the kernel still allows root there. An application needs none of it.',
  remedy: 'Make a user with a fixed id in the image and name it with USER, after the steps that need root.',
  aliases: ['DL3002', 'CKV_DOCKER_3', 'DS002'],
  proof: 'none',
  *check(service) {
    // Official servers such as postgres start as root on purpose and drop to a user of their own.
    if (service.target === undefined || service.dropsRoot) return;
    const user = yield* know(service.user);
    if (user.uid !== 0) return;
    const at = service.compose.user?.at ?? service.target.at;
    yield claim({
      at,
      title: `${service.name} runs as root`,
      subject: service.name,
      because: [
        {
          kind: 'line',
          at,
          text:
            user.written === ''
              ? 'no USER is set from here on, and the base starts as root'
              : `the user is ${user.written}`,
        },
      ],
      fix: {
        safety: 'unsafe',
        title: 'run as a user with a fixed id',
        edits: [],
        mustMeasure: ['image.user', 'service.healthy'],
      },
    });
  },
});
