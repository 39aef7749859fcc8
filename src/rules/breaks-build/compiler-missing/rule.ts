import { brokenSteps } from '../../broken-steps.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'pip has to compile a package, and the image has no compiler',
  why: 'Some packages have no wheel for Linux (psycopg2, mysqlclient, uWSGI, python-ldap). pip then builds them from source, and slim and Alpine images have neither a compiler nor the headers.',
  remedy:
    'Take the package that brings a wheel (psycopg[binary], psycopg2-binary), or install gcc and the headers in a stage that builds.',
  proof: 'engine',
  *check(target) {
    yield* brokenSteps(target, ['compiler-missing'], { concerns: /^\s*RUN\b.*\bpip[\d.]*\s.*install/is });
  },
});
