import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'a service has no limit on memory',
  why: 'Without a limit one container can take all memory of the host, and the kernel then ends a process of its own choice, perhaps the database.',
  remedy: 'Set deploy.resources.limits (memory, cpus, pids) to what prove measured, with room.',
  proof: 'none',
  decides: 'always',
  *check(service) {
    const { limits } = service.compose;
    if (service.stack.development || service.stack.files.length === 0 || limits.memory !== undefined) return;
    yield claim({
      // A lone file may be for a desk.
      severity: service.stack.production ? 'warning' : 'note',
      at: service.at,
      title: `${service.name} has no memory limit`,
      subject: service.name,
      because: [
        {
          kind: 'compose',
          at: service.at,
          text: `${service.name} sets no limit on memory${limits.cpus === undefined ? ', CPU' : ''}${limits.pids === undefined ? ' or processes' : ''}`,
        },
      ],
      fix: { safety: 'unsafe', title: 'set limits', edits: [], mustMeasure: ['stack.limits', 'service.healthy'] },
    });
  },
});
