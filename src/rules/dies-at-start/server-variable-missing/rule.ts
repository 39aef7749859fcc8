import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import { environmentGap } from '../../../model/effective.ts';
import { isWithin } from '../../container-path.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'the image of a server stops without a variable that nobody sets',
  why: 'The entrypoint of the image looks for it before it sets up the server, prints what it misses and exits.',
  remedy: 'Set it, best from a secret (`NAME_FILE`) or an env file that is not in the repository.',
  proof: 'engine',
  *check(service) {
    const { server, compose } = service;
    if (server === undefined || service.stack.files.length === 0) return;
    yield* each(service.missingVariables, function* (variable) {
      const gap = environmentGap(service.image, compose);
      if (gap !== undefined) yield* know(unknown(gap));
      const written = [...service.env.keys()].find((name) => name === variable.name || variable.unless?.includes(name));
      if (written !== undefined) yield* know(unknown(`${written} is left empty, to be filled in`));
      if (compose.entrypoint !== undefined) yield* know(unknown('the entrypoint of compose is not read'));
      const first = compose.command === undefined ? '-' : ((yield* know(compose.command.fact))[0] ?? '-');
      if (!/^-|^(?:\S*\/)?(?:postgres|mysqld|mariadbd)$/.test(first)) yield* know(unknown(`${first} runs instead`));
      if (server.origin.confidence !== 'high' && server.name !== 'MySQL')
        yield* know(unknown(`the table is not sure that ${server.name} needs ${variable.name}`));
      const filled = compose.volumes.some(
        (m) =>
          !m.target.fact.known ||
          (server.data.some((d) => m.target.fact.known && isWithin(d.path, m.target.fact.value)) &&
            (m.source?.fact.known !== true ||
              service.stack.model.volumes.get(m.source.fact.value.written)?.external === true)),
      );
      if (filled) yield* know(unknown('the data folder may be filled already'));
      yield claim({
        breaks: service.nodes.starts,
        at: service.at,
        title: `${service.name} (${server.name}) stops at its first start: nothing sets ${variable.name}`,
        subject: variable.name,
        because: [
          { kind: 'compose', at: service.at, text: `no file of this stack sets ${variable.name} for ${service.name}` },
          { kind: 'server-table', ref: server.origin.source, text: `${server.name} needs ${variable.name}` },
        ],
      });
    });
  },
});
