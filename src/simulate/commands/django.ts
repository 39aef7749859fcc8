import { change } from '../change.ts';
import { type Call, type Failure, failed, type Outcome, succeeded } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { type DjangoSettings, djangoSettings, missingVariable } from './django-settings.ts';
import { word } from './options.ts';
import { because, ownerOf } from './paths.ts';

/** `manage.py VERB` while an image is built: collectstatic fills STATIC_ROOT where settings say it plainly. */
export function manage(call: Call, state: ImageState, script: string, verb: string | undefined): Outcome | undefined {
  if (!/^(collectstatic|compilemessages|migrate|makemigrations|check|compress)$/.test(verb ?? '')) return undefined;
  const folder = script.slice(0, script.lastIndexOf('/')) || '/';
  const words = call.argv.map((arg) => word(arg) ?? '');
  const option = words.find((item) => item.startsWith('--settings='))?.slice('--settings='.length);
  const settings = words.includes('--settings') ? undefined : djangoSettings(call, state, script, option);
  const result = change(state, call.reason);
  if (verb === 'compilemessages') result.fill(folder, 'compiled messages are written below it');
  else if (verb === 'collectstatic') {
    const target = staticRoot(settings, folder);
    if (target === undefined) result.assumeBelow(folder, 'collectstatic writes where settings say');
    else result.fill(target, 'collectstatic puts static files in it', ownerOf(call));
  } else result.fill(folder, `manage.py ${verb} may write in it`, ownerOf(call));
  const effects = [`manage.py ${verb}`];
  const failure = settings === undefined ? undefined : refusal(call, state, settings, folder, verb ?? '');
  if (failure !== undefined) return failed(state, [failure], { repaired: result.state, effects });
  if (verb === 'compilemessages') return succeeded(result.state, effects);
  // Settings may ask for services that the build does not have.
  return { state: result.state, exit: { status: 'unknown', why: 'settings are loaded' }, effects };
}

function staticRoot(settings: DjangoSettings | undefined, folder: string): string | undefined {
  const root = /^STATIC_ROOT\s*=\s*(.+)$/m.exec(settings?.whole ?? '')?.[1]?.trim();
  const plain = /^["'](\/[^"']+)["']$/.exec(root ?? '')?.[1];
  const below = /^(?:os\.path\.join\(\s*BASE_DIR\s*,\s*|BASE_DIR\s*\/\s*)["']([^"']+)["']\)?$/.exec(root ?? '')?.[1];
  // BASE_DIR is the folder of manage.py in the layout that startproject makes.
  return plain ?? (below === undefined ? undefined : joinPath(folder, below));
}

function refusal(
  call: Call,
  state: ImageState,
  settings: DjangoSettings,
  folder: string,
  verb: string,
): Failure | undefined {
  const failure = (subject: string, text: string, says: string): Failure => ({
    kind: 'setting-missing',
    at: call.at,
    subject,
    text: `manage.py ${verb} stops: ${text}`,
    because: [...because(state, settings.path), call.reason],
    says,
    detail: { setting: subject, path: settings.path },
  });
  const missing = missingVariable(call, state, settings, folder);
  if (missing !== undefined)
    return failure(missing.name, `the settings ask for ${missing.name}, which the build does not have`, missing.says);
  const { whole, complete } = settings;
  const set = /STATIC_ROOT|STORAGES|STATICFILES_STORAGE|django_heroku|locals\(\)|globals\(\)|exec\(|import_module/;
  // It stops at the first file only: the admin brings some.
  const apps = ['staticfiles', 'admin'].every((app) => new RegExp(`['"]django\\.contrib\\.${app}['"]`).test(whole));
  if (verb === 'collectstatic' && complete && apps && !set.test(whole))
    return failure('STATIC_ROOT', 'the settings have no STATIC_ROOT', 'STATIC_ROOT');
  const server = /['"]ENGINE['"]\s*:\s*['"]django\.db\.backends\.(postgresql|mysql)/.exec(settings.run.join('\n'))?.[1];
  if (
    verb === 'migrate' &&
    server !== undefined &&
    !/sqlite|dj_database_url|getenv|environ|env\(|config\(/.test(databases(settings.run.join('\n')))
  )
    return failure(
      'DATABASES',
      `it needs the ${server === 'mysql' ? 'MySQL' : 'PostgreSQL'} server, which is not there while an image is built`,
      'OperationalError',
    );
  return undefined;
}

function databases(run: string): string {
  return /^DATABASES\s*=\s*\{[\s\S]*?^\}/m.exec(run)?.[0] ?? 'sqlite';
}
