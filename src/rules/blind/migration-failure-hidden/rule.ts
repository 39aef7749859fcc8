import { know } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

const MIGRATES =
  /\b(alembic\s+upgrade|manage\.py\s+migrate|flask\s+db\s+upgrade|prisma\s+(?:migrate\s+deploy|db\s+push)|sequelize(?:-cli)?\s+db:migrate|knex\s+migrate:latest|typeorm\s+migration:run|rails\s+db:migrate|npm\s+run\s+migrate\S*)[^|;&\n]*(?:\|\|\s*(?:true|:|echo\b[^;&\n]*)|;\s*(?!then)\S)/;

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'the failure of a migration is ignored',
  why: 'The application starts on a database of the wrong shape, reports that it is healthy, and fails at the first request that needs what is missing.',
  remedy:
    'Join with `&&`, or run the migration as a service of its own that others wait for (`service_completed_successfully`).',
  proof: 'none',
  *check(service) {
    const own = service.target ?? service.compose.command ?? service.compose.entrypoint;
    if (own === undefined) return;
    const process = yield* know(service.process);
    const text = process.argv.find((word) => /\s/.test(word)) ?? '';
    const found = MIGRATES.exec(text);
    if (found === null || /\bset\s+-\w*e/.test(text.slice(0, found.index))) return;
    yield claim({
      at: process.at,
      title: `${service.name} starts also when ${found[1] ?? 'the migration'} fails`,
      subject: found[1] ?? 'migration',
      because: [{ kind: 'line', at: process.at, text: `it runs ${text.trim()}` }],
    });
  },
});
