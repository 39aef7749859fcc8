import { dataTable } from '../text/data.ts';
import { normalName } from './python.ts';

interface NeedsTable {
  readonly date: string;
  readonly packages: Readonly<
    Record<
      string,
      { readonly v: string; readonly r?: readonly string[]; readonly e?: Readonly<Record<string, readonly string[]>> }
    >
  >;
}

/** What releases of other days required, from their changelogs: whoever pins them gets it. */
const FORMERLY: Readonly<Record<string, readonly string[]>> = {
  redis: ['pyjwt', 'packaging'],
  openai: ['requests', 'aiohttp', 'tqdm', 'httpx'],
  'django-redis': ['redis'],
  motor: ['pymongo'],
  fastapi: ['starlette', 'pydantic'],
  slowapi: ['redis', 'limits'],
  'django-environ': ['six'],
  'flask-jwt-extended': ['pyjwt', 'six'],
  channels: ['daphne'],
};

/** Further well-known distributions of which it is known that they require nothing that web services import themselves, or what. */
const PLAIN = new Set(
  (
    'pip setuptools wheel uv pip-tools supervisor psycopg2 mysqlclient argon2-cffi bleach markdown python-slugify qrcode phonenumbers ' +
    'python-magic psutil ujson msgpack pyyaml toml click rich typer tqdm black isort flake8 mypy ruff pylint pre-commit pytest-cov pytest-mock ' +
    'faker factory-boy coverage freezegun xmltodict lxml beautifulsoup4 html5lib reportlab openpyxl xlsxwriter scipy scikit-learn joblib ' +
    'matplotlib nltk apscheduler pytz python-dateutil websockets gevent eventlet uvloop httptools watchfiles watchdog python-json-logger pyotp ' +
    'hiredis pika aio-pika confluent-kafka kafka-python aiokafka nats-py grpcio grpcio-tools protobuf pymemcache python-decouple asgiref ' +
    'anyio sniffio typing-extensions certifi urllib3 idna charset-normalizer markupsafe werkzeug mako packaging six attrs jsonschema ' +
    'django-storages django-crispy-forms django-extensions django-debug-toolbar django-import-export drf-yasg django-ratelimit ' +
    'cachetools itsdangerous user-agents ua-parser geoip2 pycryptodome pynacl nanoid shortuuid ulid-py marshmallow flask-marshmallow ' +
    'hypothesis bandit safety autopep8 autoflake pyupgrade ipython ipdb debugpy coverage-badge mimesis time-machine pyright pip-audit tox nox ' +
    'numpy pandas sympy pyarrow polars xgboost lightgbm textblob regex tiktoken pypdf pypdf2 pdfplumber python-docx docx2txt python-pptx pillow ' +
    'opencv-python opencv-python-headless pytesseract pdf2image ffmpeg-python pydub croniter humanize emoji unidecode python-ulid ' +
    'pyfiglet colorama tabulate termcolor websocket-client pyserial paho-mqtt netifaces ping3 schedule zstandard lz4 brotli ' +
    'cffi bcrypt pynacl ecdsa rsa pyasn1 greenlet h11 h2 httpcore click-didyoumean vine billiard amqp kombu ' +
    'marshmallow-sqlalchemy flask-bcrypt flask-wtf wtforms flask-limiter flask-caching flask-mail flask-socketio python-socketio python-engineio'
  ).split(' '),
);

const REQUIRES: Readonly<Record<string, readonly string[]>> = {
  poetry: ['requests', 'httpx'],
  'django-celery-beat': ['celery', 'django'],
  'django-celery-results': ['celery', 'django'],
  'channels-redis': ['redis', 'channels'],
  rq: ['redis', 'click'],
  arq: ['redis', 'click'],
  'flask-bcrypt': ['flask', 'bcrypt'],
  'flask-wtf': ['flask', 'itsdangerous'],
  'flask-limiter': ['flask', 'limits'],
  'flask-caching': ['flask', 'cachelib'],
  'flask-mail': ['flask'],
  'flask-socketio': ['flask', 'python-socketio'],
  'flask-marshmallow': ['flask', 'marshmallow'],
  'marshmallow-sqlalchemy': ['sqlalchemy', 'marshmallow'],
  geoip2: ['aiohttp', 'requests', 'maxminddb'],
  'drf-yasg': ['django', 'djangorestframework'],
  'opentelemetry-instrumentation-httpx': ['opentelemetry-instrumentation'],
  'opentelemetry-instrumentation-requests': ['opentelemetry-instrumentation'],
  'opentelemetry-instrumentation': ['opentelemetry-api', 'wrapt'],
  'opentelemetry-exporter-otlp': ['requests', 'grpcio', 'protobuf'],
  'opentelemetry-exporter-otlp-proto-grpc': ['grpcio', 'protobuf'],
  'opentelemetry-exporter-prometheus': ['prometheus-client'],
  'opentelemetry-exporter-jaeger': ['grpcio', 'thrift'],
  stripe: ['requests', 'httpx'],
  locust: ['flask', 'flask-cors', 'flask-login', 'requests', 'werkzeug', 'gevent', 'pytest'],
  twilio: ['requests', 'pyjwt', 'aiohttp'],
  sendgrid: ['requests', 'cryptography', 'starkbank-ecdsa'],
  docker: ['requests', 'urllib3'],
  minio: ['certifi', 'urllib3', 'argon2-cffi'],
  elasticsearch: ['elastic-transport', 'aiohttp', 'requests', 'orjson', 'httpx'],
  'fastapi-mail': [
    'jinja2',
    'email-validator',
    'python-multipart',
    'starlette',
    'pydantic',
    'pydantic-settings',
    'aiosmtplib',
    'httpx',
    'redis',
  ],
  'fastapi-users': ['fastapi', 'passlib', 'email-validator', 'python-multipart', 'pyjwt', 'makefun', 'pwdlib', 'httpx'],
  'fastapi-limiter': ['fastapi', 'redis'],
  'fastapi-cache2': ['fastapi', 'redis', 'pendulum', 'uvicorn'],
  'fastapi-pagination': ['fastapi', 'pydantic'],
  aiosmtplib: ['aiosmtplib'],
  respx: ['httpx'],
  yfinance: ['requests', 'pandas', 'numpy', 'beautifulsoup4'],
  'tortoise-orm': ['pydantic', 'aiosqlite', 'asyncpg', 'orjson'],
  asyncmy: ['asyncmy'],
  aiomysql: ['pymysql'],
  mlflow: [
    'flask',
    'sqlalchemy',
    'alembic',
    'requests',
    'fastapi',
    'uvicorn',
    'gunicorn',
    'pandas',
    'numpy',
    'jinja2',
    'pydantic',
    'python-dotenv',
    'cryptography',
    'httpx',
  ],
  'django-allauth': ['django', 'requests', 'pyjwt', 'cryptography', 'asgiref'],
  'drf-spectacular': ['django', 'djangorestframework'],
  sphinx: ['jinja2', 'requests'],
  mkdocs: ['jinja2'],
  'mkdocs-material': ['jinja2', 'requests'],
  databases: ['sqlalchemy'],
  'pytest-django': ['pytest'],
  'prometheus-flask-exporter': ['flask', 'prometheus-client'],
  'django-prometheus': ['prometheus-client', 'django'],
};

/** Type stubs and plugins bring what they are for, at most. */
function plain(name: string): boolean {
  return (
    PLAIN.has(name) ||
    /^(types-|pytest-|flake8-|django-stubs|mypy-|opentelemetry-instrumentation-(?!requests|httpx|aiohttp))/.test(name)
  );
}

/** What an install of some distributions brings, dependencies included. */
export interface Brought {
  readonly names: ReadonlySet<string>;
  /** Distributions whose requirements are not in the table. */
  readonly unknown: readonly string[];
}

/** @param wanted `name` or `name[extra,extra]`. */
export function broughtBy(wanted: Iterable<string>): Brought {
  const { packages } = dataTable<NeedsTable>('packages/python-needs');
  const seen = new Set<string>();
  const names = new Set<string>();
  const unknown = new Set<string>();
  const queue = [...wanted].map((text) => ({ text, asked: true }));
  for (let next = queue.pop(); next; next = queue.pop()) {
    const [, written = '', extras = ''] = /^([\w.-]+)(?:\[([^\]]*)\])?/.exec(next.text) ?? [];
    const name = normalName(written);
    const key = `${name}[${extras}]`;
    if (name === '' || seen.has(key)) continue;
    seen.add(key);
    names.add(name);
    const entry = Object.hasOwn(packages, name) ? packages[name] : undefined;
    // What the listed ones bring in turn was followed for two rounds: below that there are no web libraries.
    const also = Object.hasOwn(REQUIRES, name) ? (REQUIRES[name] ?? []) : [];
    if (entry === undefined && next.asked && also.length === 0 && !plain(name)) unknown.add(name);
    const more = extras.split(',').flatMap((extra) => entry?.e?.[normalName(extra.trim())] ?? []);
    for (const text of [...(entry?.r ?? []), ...more, ...also]) queue.push({ text, asked: false });
    for (const text of (Object.hasOwn(FORMERLY, name) ? FORMERLY[name] : undefined) ?? [])
      queue.push({ text, asked: false });
  }
  return { names, unknown: [...unknown] };
}

/** The day on which the table was read. */
export function needsDate(): string {
  return dataTable<NeedsTable>('packages/python-needs').date;
}

/** Listed distributions that require another one themselves: one of an older release may hold that one back. */
export function requirersOf(name: string): ReadonlySet<string> {
  const { packages } = dataTable<NeedsTable>('packages/python-needs');
  const names = (list: readonly string[] = []) => list.map((text) => text.replace(/\[.*/, ''));
  const out = new Set<string>();
  for (const [own, { r, e }] of Object.entries(packages))
    if ([...names(r), ...Object.values(e ?? {}).flatMap(names)].includes(name)) out.add(own);
  for (const [own, list] of [...Object.entries(FORMERLY), ...Object.entries(REQUIRES)])
    if (list.includes(name)) out.add(own);
  return out;
}
