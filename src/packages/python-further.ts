/** What releases of other days required, from their changelogs: whoever pins them gets it. */
export const FORMERLY: Readonly<Record<string, readonly string[]>> = {
  redis: ['pyjwt', 'packaging'],
  openai: ['requests', 'aiohttp', 'tqdm', 'httpx'],
  'django-redis': ['redis'],
  motor: ['pymongo'],
  fastapi: ['starlette', 'pydantic'],
  slowapi: ['redis', 'limits'],
  'django-environ': ['six'],
  'flask-jwt-extended': ['pyjwt', 'six'],
  channels: ['daphne'],
  langchain:
    'sqlalchemy requests aiohttp numpy pyyaml tenacity pydantic langsmith langchain-community langchain-text-splitters'.split(
      ' ',
    ),
  'langchain-core': ['requests', 'httpx', 'tenacity', 'pyyaml'],
  'langchain-community': ['sqlalchemy', 'requests', 'aiohttp', 'numpy', 'tenacity', 'langchain'],
  'langchain-openai': ['openai', 'numpy', 'tiktoken'],
  'langchain-chroma': ['chromadb', 'fastapi', 'numpy'],
  'langchain-huggingface': ['sentence-transformers', 'transformers', 'huggingface-hub', 'tokenizers'],
  'langchain-google-genai': ['google-generativeai', 'pillow'],
  langgraph: ['langchain-core'],
  chromadb:
    'requests fastapi uvicorn typer bcrypt httpx numpy pandas tqdm orjson pydantic sentence-transformers tenacity'.split(
      ' ',
    ),
  'sentence-transformers':
    'transformers torch tqdm numpy scikit-learn scipy nltk huggingface-hub requests pillow torchvision'.split(' '),
  transformers: ['requests', 'numpy', 'pyyaml', 'tqdm', 'huggingface-hub'],
  'huggingface-hub': ['requests', 'httpx', 'tqdm', 'pyyaml'],
  streamlit:
    'requests pandas numpy pillow tenacity jinja2 toml gitpython protobuf rich click packaging python-dateutil'.split(
      ' ',
    ),
  gradio:
    'fastapi httpx requests pandas numpy pydantic uvicorn aiohttp aiofiles jinja2 matplotlib orjson pillow python-multipart websockets typer flask'.split(
      ' ',
    ),
  'google-generativeai': ['requests', 'pydantic', 'protobuf', 'tqdm'],
  'google-genai': ['requests', 'httpx', 'pydantic', 'aiohttp'],
  anthropic: ['requests', 'aiohttp', 'httpx', 'pydantic', 'tokenizers'],
  groq: ['httpx', 'pydantic'],
  'qdrant-client': ['httpx', 'numpy', 'pydantic', 'requests'],
  pinecone: ['requests', 'numpy', 'pyyaml', 'loguru', 'tqdm'],
  djoser: ['django', 'djangorestframework', 'djangorestframework-simplejwt', 'social-auth-app-django'],
  'social-auth-app-django': ['django', 'requests', 'pyjwt', 'cryptography', 'six'],
  'flask-restx': ['flask', 'werkzeug', 'jsonschema', 'pytz', 'six'],
  environs: ['marshmallow', 'python-dotenv'],
  beanie: ['motor', 'pymongo', 'pydantic', 'click', 'toml'],
  spacy: ['requests', 'typer', 'jinja2', 'pydantic', 'numpy', 'tqdm'],
  torch: ['numpy', 'jinja2', 'requests', 'pillow'],
  aerich: ['tortoise-orm', 'pydantic', 'click', 'aiomysql', 'asyncpg'],
};

/** Further well-known distributions of which it is known that they require nothing that web services import themselves, or what. */
export const PLAIN = new Set(
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

/** What others require that are not in the table. */
export const REQUIRES: Readonly<Record<string, readonly string[]>> = {
  poetry: ['requests', 'httpx'],
  'django-celery-beat': ['celery', 'django'],
  'django-celery-results': ['celery', 'django'],
  'channels-redis': ['redis', 'channels'],
  rq: ['redis', 'click'],
  arq: ['redis', 'click'],
  'flask-testing': ['flask'],
  moviepy: ['requests', 'tqdm', 'numpy', 'pillow', 'python-dotenv', 'imageio'],
  speechrecognition: ['requests'],
  'func-timeout': [],
  trubrics: ['requests', 'streamlit', 'pydantic'],
  filetype: [],
  mutagen: [],
  'python-pptx': ['lxml', 'pillow'],
  'pydantic-extra-types': ['pydantic'],
  'fastapi-utils': ['fastapi', 'pydantic', 'psutil'],
  'flask-admin': ['flask', 'wtforms'],
  'flask-babel': ['flask', 'jinja2', 'pytz'],
  'flask-debugtoolbar': ['flask'],
  'flask-httpauth': ['flask'],
  'flask-swagger-ui': ['flask'],
  flasgger: ['flask', 'pyyaml', 'jsonschema', 'six'],
  'flask-smorest': ['flask', 'werkzeug', 'marshmallow'],
  'flask-talisman': [],
  'flask-session': ['flask', 'redis', 'msgspec'],
  'flask-compress': ['flask', 'brotli'],
  newspaper3k: ['requests', 'beautifulsoup4', 'lxml', 'nltk', 'pillow', 'pyyaml', 'python-dateutil'],
  'mysql-connector': [],
  configparser: [],
  aioredis: ['typing-extensions', 'async-timeout'],
  'flask-restplus': ['flask', 'jsonschema', 'werkzeug', 'six', 'pytz'],
  'flask-script': ['flask'],
  'python-telegram-bot': ['httpx', 'anyio'],
  aiogram: ['aiohttp', 'pydantic', 'aiofiles', 'magic-filter', 'certifi', 'typing-extensions'],
  'pinecone-client': ['requests', 'pyyaml', 'loguru', 'tqdm', 'urllib3'],
  'flask-pymongo': ['flask', 'pymongo'],
  mongoengine: ['pymongo'],
  'flask-mongoengine': ['flask', 'mongoengine', 'pymongo'],
  'llama-index': [
    'openai',
    'nltk',
    'requests',
    'pandas',
    'sqlalchemy',
    'httpx',
    'numpy',
    'tiktoken',
    'fastapi',
    'pydantic',
  ],
  'sse-starlette': ['starlette', 'anyio', 'fastapi', 'uvicorn'],
  'starlette-prometheus': ['prometheus-client', 'starlette'],
  'starlette-exporter': ['prometheus-client', 'starlette'],
  'starlette-context': ['starlette'],
  'fastapi-cors': ['fastapi'],
  'fastapi-jwt-auth': ['fastapi', 'pyjwt', 'pydantic'],
  'python-socketio': ['python-engineio', 'aiohttp', 'requests'],
  'celery-redbeat': ['celery', 'redis', 'tenacity', 'python-dateutil'],
  'asgi-correlation-id': ['starlette'],
  'asgi-lifespan': ['starlette'],
  supabase: ['httpx', 'pydantic', 'websockets', 'python-dateutil', 'pyjwt'],
  'firebase-admin': ['requests', 'cachetools', 'pyjwt', 'httpx'],
  'mysql-connector-python': ['protobuf'],
  cloudinary: ['certifi', 'six', 'urllib3'],
  weaviate: ['httpx', 'requests'],
  'weaviate-client': ['httpx', 'requests', 'pydantic', 'grpcio'],
  'djangorestframework-camel-case': ['djangorestframework'],
  'dj-rest-auth': ['django', 'djangorestframework'],
  'django-cacheops': ['django', 'redis'],
  'django-health-check': ['django', 'redis', 'psutil'],
  'django-silk': ['django', 'sqlparse', 'gprof2dot'],
  'django-auditlog': ['django', 'python-dateutil'],
  'django-guardian': ['django'],
  'django-mptt': ['django'],
  'django-ninja': ['django', 'pydantic'],
  'django-split-settings': [],
  'django-widget-tweaks': [],
  'django-tailwind': ['django'],
  'django-htmx': ['django'],
  'django-unfold': ['django'],
  'django-jazzmin': ['django'],
  wagtail: ['django', 'djangorestframework', 'pillow', 'requests', 'beautifulsoup4', 'django-filter', 'openpyxl'],
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

/** What members of a family may require at most, by the first part of their names. */
const FAMILIES: readonly (readonly [RegExp, readonly string[]])[] = [
  [
    /^llama-index-/,
    'llama-index-core openai httpx requests aiohttp numpy pandas sqlalchemy pydantic tiktoken nltk pillow beautifulsoup4 qdrant-client chromadb transformers torch sentence-transformers huggingface-hub'.split(
      ' ',
    ),
  ],
  [
    /^langchain-/,
    'langchain-core langchain openai httpx requests aiohttp numpy pandas sqlalchemy pydantic tenacity tiktoken boto3 redis pymongo psycopg'.split(
      ' ',
    ),
  ],
];

/** Undefined: it is of no family. */
export function familyOf(name: string): readonly string[] | undefined {
  return FAMILIES.find(([names]) => names.test(name))?.[1];
}
