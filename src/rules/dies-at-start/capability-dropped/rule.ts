import { unknown } from '../../../facts/fact.ts';
import { know } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'the entrypoint of a server needs a capability that is dropped',
  why: 'Images such as postgres start as root, give the data folder to their user and become that user. Without SETUID and SETGID the entrypoint stops there: "operation not permitted".',
  remedy: 'Add back what the entrypoint needs with `cap_add`, or start as the user itself with `user:`.',
  proof: 'engine',
  *check(service) {
    const { foundation: server, compose } = service;
    if (server === undefined || compose.capDrop.length === 0 || server.capabilities.length === 0) return;
    const dropped: string[] = [];
    for (const field of compose.capDrop) dropped.push(plain(yield* know(field.fact)));
    const added: string[] = [];
    for (const field of compose.capAdd) added.push(plain(yield* know(field.fact)));
    if (compose.privileged?.fact.known === true && compose.privileged.fact.value) return;
    const missing = server.capabilities.filter(
      (c) => (dropped.includes('ALL') || dropped.includes(c)) && !added.includes(c) && !added.includes('ALL'),
    );
    if (!missing.some((c) => c === 'SETUID' || c === 'SETGID')) return;
    if (compose.user !== undefined || service.target !== undefined) {
      const user = yield* know(service.user);
      if (user.uid !== 0) return;
    }
    if (compose.entrypoint !== undefined) yield* know(unknown('the entrypoint of compose is not read'));
    if (server.origin.confidence !== 'high') yield* know(unknown(`the table is not sure what ${server.name} needs`));
    const at = compose.capDrop[0]?.at ?? service.at;
    yield claim({
      breaks: service.nodes.starts,
      at,
      title: `${service.name} (${server.name}) starts as root and needs ${missing.join(', ')}, which is dropped`,
      subject: 'cap_drop',
      because: [
        { kind: 'compose', at, text: `${dropped.join(', ')} is dropped` },
        {
          kind: 'server-table',
          ref: server.origin.source,
          text: `the entrypoint of ${server.name} needs ${server.capabilities.join(', ')}`,
        },
      ],
    });
  },
});

function plain(name: string): string {
  return name.toUpperCase().replace(/^CAP_/, '');
}
