import { FURTHER } from './releases-further.ts';

/** A release of a distribution that code written for earlier ones does not survive while it is loaded. */
export interface Release {
  readonly distribution: string;
  /** The first version that does not have it any more. */
  readonly from: string;
  /** The Python that this version asks for. */
  readonly python: string;
  /** What in code breaks: names imported from a module, a method of an external class, a keyword of a call, a driver. */
  readonly uses:
    | { readonly module: string; readonly names: readonly string[] }
    | { readonly member: string }
    | { readonly call: string; readonly keyword?: string; readonly without?: string }
    /** Modules that are gone, with all below them. */
    | { readonly gone: readonly string[] }
    | { readonly need: string };
  /** Distributions that mend it when they are installed. */
  readonly unless?: readonly string[];
  /** Only beside another one that is pinned below a version (and not below the first one that has what the code uses). */
  readonly beside?: { readonly distribution: string; readonly from: string; readonly below: string };
  readonly text: string;
}

/** Looked up on 2026-11-21. Seen to fail with the newest releases of that day (SQLAlchemy 2.1.9, pydantic 2.14.3, Flask 3.1.3,
 * Werkzeug 3.1.9, Starlette 1.10.0); the version that brought it was looked up in wheels for Flask (2.2.5, 2.3.0;
 * 2.3.3, 3.0.0), werkzeug.urls (2.3.8, 3.0.0), Starlette (0.52.1, 1.0.0), ItsDangerous (2.0.1, 2.1.0) and Jinja2 (3.0.3, 3.1.0), and is
 * from the projects' changelogs for SQLAlchemy 1.4 and 2.1, pydantic and secure_filename. The names of Django and werkzeug.contrib were looked for in the wheels of Django 3.2.25 (there) and 4.0 (gone), Werkzeug 0.16.1 and 1.0.0; MetaData(bind=) was
 * called in SQLAlchemy 1.4.54 (accepted) and 2.0.0 (refused). */
export const RELEASES: readonly Release[] = [
  {
    distribution: 'sqlalchemy',
    from: '2.1',
    python: '3.10',
    uses: { module: 'sqlalchemy.ext.asyncio', names: [] },
    unless: ['greenlet'],
    text: 'SQLAlchemy 2.1 no longer brings greenlet, without which sqlalchemy.ext.asyncio cannot be imported (sqlalchemy[asyncio] does)',
  },
  {
    distribution: 'sqlalchemy',
    from: '2.1',
    python: '3.10',
    uses: { need: 'psycopg2,psycopg' },
    unless: ['psycopg', 'psycopg-binary'],
    text: 'SQLAlchemy 2.1 takes psycopg for postgresql://, no longer psycopg2 (postgresql+psycopg2:// does)',
  },
  {
    distribution: 'sqlalchemy',
    from: '1.4',
    python: '3.6',
    uses: { need: 'postgres://' },
    text: 'SQLAlchemy 1.4 knows no postgres:// any more: the URL has to begin with postgresql://',
  },
  {
    distribution: 'pydantic',
    from: '2',
    python: '3.9',
    uses: { module: 'pydantic', names: ['BaseSettings'] },
    text: 'pydantic 2 has no BaseSettings: it is in pydantic-settings',
  },
  {
    distribution: 'pydantic',
    from: '2',
    python: '3.9',
    uses: { call: 'pydantic.Field', keyword: 'regex' },
    text: 'pydantic 2 refuses regex in Field: it is called pattern',
  },
  {
    distribution: 'pydantic',
    from: '2',
    python: '3.9',
    uses: { call: 'pydantic.constr', keyword: 'regex' },
    text: 'pydantic 2 refuses regex in constr: it is called pattern',
  },
  {
    distribution: 'flask',
    from: '3',
    python: '3.9',
    uses: { module: 'flask', names: ['escape', 'Markup'] },
    text: 'Flask 3 has neither escape nor Markup: they are in markupsafe',
  },
  {
    distribution: 'flask',
    from: '2.3',
    python: '3.9',
    uses: { module: 'flask.json', names: ['JSONEncoder', 'JSONDecoder'] },
    text: 'Flask 2.3 has no JSONEncoder',
  },
  {
    distribution: 'flask',
    from: '2.3',
    python: '3.9',
    uses: { member: 'flask.Flask().before_first_request' },
    text: 'Flask 2.3 has no before_first_request',
  },
  {
    distribution: 'werkzeug',
    from: '3',
    python: '3.9',
    uses: { module: 'werkzeug.urls', names: ['url_quote', 'url_encode', 'url_decode', 'url_parse', 'url_unquote'] },
    text: 'Werkzeug 3 has no such functions in werkzeug.urls: urllib.parse has',
  },
  {
    distribution: 'werkzeug',
    from: '1',
    python: '3.9',
    uses: { module: 'werkzeug', names: ['secure_filename'] },
    text: 'Werkzeug keeps secure_filename in werkzeug.utils only',
  },
  {
    distribution: 'starlette',
    from: '1',
    python: '3.10',
    uses: { member: 'fastapi.FastAPI().add_event_handler' },
    text: 'Starlette 1 has no add_event_handler: a lifespan takes its place',
  },
  {
    distribution: 'itsdangerous',
    from: '2.1',
    python: '3.7',
    uses: { module: 'itsdangerous', names: ['TimedJSONWebSignatureSerializer', 'JSONWebSignatureSerializer'] },
    text: 'ItsDangerous 2.1 has no JSON web signatures any more: PyJWT and Authlib have',
  },
  {
    distribution: 'jinja2',
    from: '3.1',
    python: '3.7',
    uses: { module: 'jinja2', names: ['Markup', 'escape', 'contextfilter', 'contextfunction', 'environmentfilter'] },
    text: 'Jinja2 3.1 has neither Markup nor escape (markupsafe has) nor contextfilter',
  },
  {
    distribution: 'django',
    from: '4',
    python: '3.8',
    uses: {
      module: 'django.utils.translation',
      names: ['ugettext', 'ugettext_lazy', 'ugettext_noop', 'ungettext', 'ungettext_lazy'],
    },
    text: 'Django 4 has no ugettext: it is called gettext',
  },
  {
    distribution: 'django',
    from: '4',
    python: '3.8',
    uses: { module: 'django.conf.urls', names: ['url'] },
    text: 'Django 4 has no url(): re_path takes its place',
  },
  {
    distribution: 'django',
    from: '4',
    python: '3.8',
    uses: { module: 'django.utils.encoding', names: ['force_text', 'smart_text'] },
    text: 'Django 4 has no force_text: it is called force_str',
  },
  {
    distribution: 'werkzeug',
    from: '1',
    python: '3.7',
    uses: { gone: ['werkzeug.contrib'] },
    text: 'Werkzeug 1 has no werkzeug.contrib: ProxyFix is in werkzeug.middleware',
  },
  {
    distribution: 'sqlalchemy',
    from: '2',
    python: '3.7',
    uses: { call: 'sqlalchemy.MetaData', keyword: 'bind' },
    text: 'SQLAlchemy 2 refuses bind in MetaData',
  },
  ...FURTHER,
];
