import { brokenSteps } from '../../broken-steps.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'an extension of PHP is compiled without the library it needs',
  why: 'docker-php-ext-install compiles the extension from source. The official images have compilers, but no headers of libraries: zip, gd, intl, pdo_pgsql and others stop with "configure: error: Package requirements were not met".',
  remedy: 'Install the development package before it (libzip-dev, libpng-dev, libicu-dev, libpq-dev).',
  proof: 'none',
  *check(target) {
    yield* brokenSteps(target, ['library-missing'], { concerns: /^\s*RUN\b.*\bdocker-php-ext-install\b/is });
  },
});
