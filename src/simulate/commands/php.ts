import type { Reason } from '../../facts/fact.ts';
import { change } from '../change.ts';
import { type Call, type CommandModel, type Failure, failed, succeeded } from '../command-model.ts';
import type { ImageState } from '../state.ts';
import { lacksDebian } from './debian-packages.ts';
import { knownTexts } from './options.ts';
import { because } from './paths.ts';

/** The development package that an extension of PHP is compiled with, for Debian and Alpine. The official images keep the libraries that
 * PHP itself was built with, and take their headers away (docker-library/php, Dockerfile-linux.template). */
const LIBRARIES: Readonly<Record<string, readonly [string, string]>> = {
  zip: ['libzip-dev', 'libzip-dev'],
  gd: ['libpng-dev', 'libpng-dev'],
  intl: ['libicu-dev', 'icu-dev'],
  pdo_pgsql: ['libpq-dev', 'libpq-dev'],
  pgsql: ['libpq-dev', 'libpq-dev'],
  mbstring: ['libonig-dev', 'oniguruma-dev'],
  soap: ['libxml2-dev', 'libxml2-dev'],
  xml: ['libxml2-dev', 'libxml2-dev'],
  dom: ['libxml2-dev', 'libxml2-dev'],
  simplexml: ['libxml2-dev', 'libxml2-dev'],
  xmlwriter: ['libxml2-dev', 'libxml2-dev'],
  xsl: ['libxslt1-dev', 'libxslt-dev'],
  bz2: ['libbz2-dev', 'bzip2-dev'],
  gmp: ['libgmp-dev', 'gmp-dev'],
  ldap: ['libldap2-dev', 'openldap-dev'],
  curl: ['libcurl4-openssl-dev', 'curl-dev'],
  tidy: ['libtidy-dev', 'tidyhtml-dev'],
};

/** docker-php-ext-install, -configure, -enable and pecl: extensions go below /usr/local. */
export const phpExtension: CommandModel = (call, state) => {
  const words = knownTexts(call.argv.slice(1));
  const result = change(state, call.reason)
    .fill('/usr/local/lib/php', `${call.name} puts extensions there`)
    .fill('/usr/local/etc/php/conf.d', `${call.name} enables extensions there`)
    .fill('/tmp', `${call.name} compiles there`)
    .fill('/usr/src', `${call.name} unpacks PHP there`);
  const effects = [`${call.name} ${(words ?? []).join(' ')}`.slice(0, 80)];
  if (call.name !== 'docker-php-ext-install' || words === undefined) return succeeded(result.state, effects);
  const names = words.filter((item, i) => !item.startsWith('-') && !/^(-j|--ini-name)$/.test(words[i - 1] ?? ''));
  const failures = names.flatMap((name) => libraryFailure(call, state, name) ?? []);
  const [first] = failures;
  return first === undefined
    ? succeeded(result.state, effects)
    : failed(state, [first], { repaired: result.state, effects });
};

function libraryFailure(call: Call, state: ImageState, extension: string): Failure | undefined {
  const pair = Object.hasOwn(LIBRARIES, extension) ? LIBRARIES[extension] : undefined;
  const manager = state.packageManager.known ? state.packageManager.value : undefined;
  if (pair === undefined || (manager !== 'apt' && manager !== 'apk')) return undefined;
  const wanted = manager === 'apt' ? pair[0] : pair[1];
  const reasons = manager === 'apt' ? lacksDebian(state, [wanted]) : lacksAlpine(state);
  if (reasons === undefined) return undefined;
  return {
    kind: 'library-missing',
    at: call.at,
    subject: extension,
    text: `docker-php-ext-install stops at ${extension}: ${wanted} is not installed`,
    because: [...reasons, ...because(state, '/usr/local/bin/docker-php-ext-install'), call.reason],
    says: 'configure: error',
    detail: { extension, package: wanted },
  };
}

/** Alpine's packages bring others that are not listed: only where none for developers was installed is one missing for certain. */
function lacksAlpine(state: ImageState): readonly Reason[] | undefined {
  const developer = state.packages.some(
    ({ manager, name }) => manager === 'apk' && /-dev$|^\.|^\$/.test(name) && name !== 'musl-dev',
  );
  return developer ? undefined : [];
}
