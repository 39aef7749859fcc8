import { type Fact, known, unknown } from '../../facts/fact.ts';
import type { Place } from '../../text/place.ts';
import type { Module } from '../program/module.ts';
import type { Environment } from '../program/value.ts';
import type { PythonApplication } from './application.ts';
import type { DjangoSettings } from './django-settings.ts';

/** Static files that Django collects and, under a server of its own, does not hand out. */
export interface StaticFiles {
  /** `/static/` */
  readonly prefix: string;
  readonly at: Place;
}

/** Libraries that hand them out or put them elsewhere. */
const SERVES = /whitenoise|servestatic|dj_static|StaticFilesHandler|storages|cloudinary|CDN|collectfast/i;

/** Views that a URL may lead to. */
const VIEWS = /staticfiles_urlpatterns|\bstatic\s*\(|views\.static|\bserve\b/;

/** The static files of the administration pages, where nothing in the application serves them. Null: something does, or none are needed. */
export function djangoStatic(
  python: PythonApplication,
  settings: DjangoSettings,
  env: Environment,
  entry: Module,
): Fact<StaticFiles | null> {
  const apps = settings.list('INSTALLED_APPS', env);
  if (apps?.known !== true) return unknown('INSTALLED_APPS is computed');
  if (!['django.contrib.staticfiles', 'django.contrib.admin'].every((name) => apps.value.includes(name)))
    return known(null);
  const { program } = python;
  // The settings, what they build on, and the entry with all that it imports.
  const modules = program.reach([entry, settings.module]);
  if (modules.some(({ text }) => SERVES.test(text))) return known(null);
  const conf = settings.text('ROOT_URLCONF', env);
  const urls = conf?.known === true ? python.module(conf.value) : undefined;
  if (urls?.known !== true || urls.value === null) return unknown('ROOT_URLCONF is not read');
  const pages = program.reach([urls.value]);
  if (pages.some(({ text }) => VIEWS.test(text) || SERVES.test(text))) return known(null);
  if (!pages.some(({ text }) => /admin\.site\.urls/.test(text))) return known(null);
  const url = settings.text('STATIC_URL', env);
  if (url === undefined || !url.known) return unknown('STATIC_URL is computed');
  const reason = settings.reason('STATIC_URL');
  if (/^(https?:)?\/\//.test(url.value) || !('at' in reason)) return known(null);
  return known({ prefix: `/${url.value.replace(/^\/|\/$/g, '')}/`, at: reason.at });
}
